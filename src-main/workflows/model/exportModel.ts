/** Releases a run's generator as a plain ONNX file with its card. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { generate } from '../../learn/networks/generator.ts';
import { constantParameters } from '../../learn/inference.ts';
import { AppError } from '../../shared/appError.ts';
import { encodeImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import { fileExists } from '../files/fileExists.ts';
import { readRecord, writeRecord } from '../files/record.ts';
import { stageFolder } from '../files/stageFolder.ts';
import { readCheckpoint } from '../train/checkpoint.ts';
import { runPaths, runRecordSchema } from '../train/runFolder.ts';
import { modelCardSchema, type ModelCard } from './modelCard.ts';

/**
 * Writes `model.onnx` and `card.json` into the new folder `out`; `name` stands on the card instead of the run's. Throws RUN_NOT_FOUND,
 * CHECKPOINT_CORRUPT, OUTPUT_EXISTS, DISK_FULL.
 */
export async function exportModel(
  runFolder: string,
  out: string,
  version: string,
  name?: string,
): Promise<ModelCard> {
  const paths = runPaths(runFolder);
  if (!(await fileExists(paths.record)) || !(await fileExists(paths.checkpoint)))
    throw new AppError('RUN_NOT_FOUND', { run: basename(runFolder) });
  const { runId, config, cases, dataFingerprint, intensityProfile } = await readRecord(
    paths.record,
    runRecordSchema,
  );
  const { step, state } = await readCheckpoint(paths.checkpoint, null);
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
  const count = (group: readonly { count: number }[]): number =>
    group.reduce((sum, one) => sum + one.count, 0);
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
      cases: cases.train.length,
      metaCases: cases.meta.length,
      slices: count(cases.train),
      steps: step,
      dataFingerprint,
      config,
    },
  };
  await stageFolder(out, async (folder) => {
    await writeFile(join(folder, 'model.onnx'), bytes, { flag: 'wx' });
    await writeRecord(join(folder, 'card.json'), modelCardSchema, card);
  });
  return card;
}
