/** A run's generator as a model in memory: the plain ONNX file and its card, as far as the run has been trained. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { generate } from '../../learn/networks/generator.ts';
import { constantParameters } from '../../learn/inference.ts';
import { AppError } from '../../shared/appError.ts';
import { encodeImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import { fileExists } from '../files/fileExists.ts';
import { readRecord } from '../files/record.ts';
import { readCheckpoint } from '../train/checkpoint.ts';
import { methodNotes } from '../train/methodNotes.ts';
import { runPaths, runRecordSchema } from '../train/runFolder.ts';
import { trainedRoles } from '../train/trainingRoles.ts';
import type { ModelCard } from './modelCard.ts';
import type { StoredModel } from './readModel.ts';

/** The model of the run in `runFolder`; `name` stands on the card instead of the run's. Throws RUN_NOT_FOUND, CHECKPOINT_CORRUPT. */
export async function runModel(runFolder: string, version: string, name?: string): Promise<StoredModel> {
  const paths = runPaths(runFolder);
  if (!(await fileExists(paths.record)) || !(await fileExists(paths.checkpoint)))
    throw new AppError('RUN_NOT_FOUND', { run: basename(runFolder) });
  const record = await readRecord(paths.record, runRecordSchema);
  const { runId, config, cases, dataFingerprint, intensityProfile, acquisition } = record;
  const { step, state } = await readCheckpoint(paths.checkpoint);
  const prefix = 'generator.value.';
  const values = new Map(
    [...state]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { data }]) => [name.slice(prefix.length), data]),
  );
  const { generator, cropPx } = config;
  const x = input('x', [1, generator.inputChannels, cropPx[1], cropPx[0]]);
  const y = generate(x, constantParameters(generator, values), generator);
  const bytes = encodeImageModel({ y }, { producer: `Ilium ${version}`, run: runId });
  const trained = trainedRoles(config).flatMap((role) => cases[role]);
  const card: ModelCard = {
    schemaVersion: 1,
    name: name ?? runId,
    version,
    createdAt: new Date().toISOString(),
    weightHash: createHash('sha256').update(bytes).digest('hex'),
    intendedUse: 'Research only. Not a medical device; not for clinical decisions.',
    input: {
      channels: generator.inputChannels,
      spacingMm: config.spacingMm,
      multipleOf: 4,
      mrPercentiles: [0.5, 99.5],
      trainingCropPx: cropPx,
      intensityProfile,
    },
    output: config.huWindow,
    training: {
      run: runId,
      method: config.method,
      preset: config.preset,
      cases: trained.length,
      metaCases: cases.meta.length,
      slices: trained.reduce((sum, { count }) => sum + count, 0),
      steps: step,
      dataFingerprint,
      ...(acquisition ? { acquisition } : {}),
      config,
      notes: methodNotes(record),
    },
  };
  return { card, bytes };
}
