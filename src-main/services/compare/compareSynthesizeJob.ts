/** Job `compare-synthesize`: the sCT of every case by the generator of every run, as far as it is not there already. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import type { StoredModel } from '../../workflows/model/readModel.ts';
import { runModel } from '../../workflows/model/runModel.ts';
import { synthesizeVolume } from '../../workflows/synthesize/synthesizeVolume.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openModel, type OpenedModel } from '../synthesis/openModel.ts';
import { requireRun } from '../training/requireRun.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { openComparedCase, type ComparedCase } from './comparedCase.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { comparedPaths, comparedRecords, keyOf, recordWithKey } from './comparedFiles.ts';
import { compareFailureSchema, orFailure, type CompareFailure } from './compareFailure.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  runs: z.array(z.object({ run: z.string(), cases: z.array(z.string()) })),
  device: z.string().default('auto'),
});

export const compareSynthesizeResultSchema = z.object({
  made: z.number(),
  reused: z.number(),
  /** Generation alone. */
  seconds: z.number(),
  failures: z.array(compareFailureSchema),
});

/** Raised when the same model gives another sCT of the same MR. */
const synthesisVersion = 1;

/** Resolves with how many were made and reused, and what failed. AbortError when stopped: what is finished stays. */
export const compareSynthesizeJob: JobRunner = async (params, context) => {
  const { workspace: directory, runs, device } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const failures: CompareFailure[] = [];
  const result = { made: 0, reused: 0, seconds: 0, failures };
  const opened = new Map<string, ComparedCase | undefined>();
  for (const caseId of new Set(runs.flatMap(({ cases }) => cases)))
    opened.set(
      caseId,
      await orFailure({ run: null, caseId }, failures, () => openComparedCase(workspace, caseId)),
    );
  const total = runs.reduce((sum, { cases }) => sum + cases.length, 0);
  let done = 0;
  const step = (): void => context.onEvent({ type: 'progress', step: 'synthesize', done, total });
  step();
  for (const { run, cases } of runs) {
    const generator = createGenerator(device, context);
    const stored = await orFailure({ run, caseId: null }, failures, async () => {
      const { folder } = await requireRun(workspace, run);
      return { folder, model: await runModel(folder, packageJson.version) };
    });
    try {
      for (const caseId of cases) {
        context.signal.throwIfAborted();
        const one = opened.get(caseId);
        if (stored && one) {
          const { folder, model } = stored;
          await orFailure({ run, caseId }, failures, async () => {
            const seconds = await makeSct(folder, model, one, () => generator.open(model, run), context);
            if (seconds === null) result.reused++;
            else [result.made, result.seconds] = [result.made + 1, result.seconds + seconds];
          });
        }
        done++;
        step();
      }
    } finally {
      await generator.close();
    }
  }
  return result;
};

/** Opens a model when it is first needed: where everything is there already, none is. */
function createGenerator(
  device: string,
  { onEvent }: JobContext,
): { open(model: StoredModel, run: string): Promise<OpenedModel>; close(): Promise<void> } {
  let opened: OpenedModel | undefined;
  return {
    async open(model, run) {
      if (opened) return opened;
      opened = await openModel(model, run, device);
      for (const message of opened.notes) onEvent({ type: 'log', level: 'info', message });
      return opened;
    },
    close: async () => opened?.model.dispose(),
  };
}

/** Seconds it took; null where the sCT was there. */
async function makeSct(
  folder: string,
  stored: StoredModel,
  { caseId, hashes, readMr, readMask }: ComparedCase,
  open: () => Promise<OpenedModel>,
  { signal }: JobContext,
): Promise<number | null> {
  const paths = comparedPaths(folder, caseId);
  const { weightHash } = stored.card;
  const key = keyOf({ synthesisVersion, weightHash, mr: hashes.mr, mask: hashes.mask });
  const record = await recordWithKey(paths.sctRecord, comparedRecords.sct, key);
  if (record && (await isFile(paths.sct, record.sha256))) return null;
  const { model, device } = await open();
  const startedAt = performance.now();
  const mask = await readMask();
  const { sct } = await synthesizeVolume(await readMr(), model, stored.card, {
    subject: caseId,
    signal,
    ...(mask ? { mask } : {}),
  });
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const bytes = writeNifti(sct, { description: 'sCT, not for clinical use' });
  await writeAtomically(paths.sct, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // The record comes last: an sCT without one is made again.
  await writeRecord(paths.sctRecord, comparedRecords.sct, { schemaVersion: 1, key, sha256, device, seconds });
  return seconds;
}

async function isFile(path: string, sha256: string): Promise<boolean> {
  return (await orFailure({ run: null, caseId: null }, [], () => fileHash(path))) === sha256;
}
