/** Job `compare-evaluate`: the figures of every run's sCT of some cases, as far as they are not there already. Several such jobs share the cases. */
import { z } from 'zod';
import { readNifti } from '../../formats/nifti/readNifti.ts';
import type { JobContext, StopSignal } from '../../shared/jobEvent.ts';
import type { Volume } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { openEvaluator, type Evaluator } from '../evaluation/openEvaluator.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { requireRun } from '../training/requireRun.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { countingMask, openComparedCase, type ComparedCase } from './comparedCase.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { comparedPaths, comparedRecords, keyOf, recordWithKey } from './comparedFiles.ts';
import { compareFailureSchema, orFailure, type CompareFailure } from './compareFailure.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  cases: z.array(z.object({ caseId: z.string(), runs: z.array(z.string()) })),
});

export const compareEvaluateResultSchema = z.object({
  evaluated: z.number(),
  reused: z.number(),
  failures: z.array(compareFailureSchema),
});

/** Raised when the same images give other figures. */
const evaluationVersion = 2;

/** Resolves with how many were made and reused, and what failed. AbortError when stopped: what is finished stays. */
export const compareEvaluateJob: JobRunner = async (params, context) => {
  const { workspace: directory, cases } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const evaluator = await openEvaluator();
  try {
    return await evaluateCases(workspace, cases, evaluator, context);
  } finally {
    await evaluator.dispose();
  }
};

async function evaluateCases(
  workspace: Workspace,
  cases: z.infer<typeof paramsSchema>['cases'],
  evaluator: Evaluator,
  { onEvent, signal }: JobContext,
): Promise<z.infer<typeof compareEvaluateResultSchema>> {
  const failures: CompareFailure[] = [];
  const result = { evaluated: 0, reused: 0, failures };
  const total = cases.reduce((sum, { runs }) => sum + runs.length, 0);
  let done = 0;
  for (const { caseId, runs } of cases) {
    const opened = await orFailure({ run: null, caseId }, failures, () =>
      openComparedCase(workspace, caseId),
    );
    const images = opened && lazyImages(opened);
    for (const run of runs) {
      signal.throwIfAborted();
      if (images) {
        await orFailure({ run, caseId }, failures, async () => {
          const { folder } = await requireRun(workspace, run);
          if (await evaluateSct(folder, opened, images, evaluator, signal)) result.evaluated++;
          else result.reused++;
        });
      }
      onEvent({ type: 'progress', step: 'evaluate', done: ++done, total });
    }
  }
  return result;
}

interface Images {
  ct(): Promise<Volume>;
  mask(): Promise<Volume>;
}

/** CT and mask of a case, read once and only where something is to be evaluated. */
function lazyImages(one: ComparedCase): Images {
  let ct: Promise<Volume> | undefined;
  let mask: Promise<Volume> | undefined;
  return { ct: () => (ct ??= one.readCt()), mask: () => (mask ??= countingMask(one)) };
}

/** Whether it was evaluated now, or found. */
async function evaluateSct(
  folder: string,
  { caseId, hashes }: ComparedCase,
  images: Images,
  evaluator: Evaluator,
  signal: StopSignal,
): Promise<boolean> {
  const paths = comparedPaths(folder, caseId);
  const key = keyOf({
    evaluationVersion,
    ...hashes,
    sct: await fileHash(paths.sct),
    notInstalled: evaluator.notInstalled.map(({ metric }) => metric).join(', '),
    ...(evaluator.weights.length > 0 ? { weights: evaluator.weights.join(', ') } : {}),
  });
  if (await recordWithKey(paths.evaluation, comparedRecords.evaluation, key)) return false;
  const compared = {
    ct: { name: caseId, volume: await images.ct() },
    sct: { name: caseId, volume: readNifti(await readBytes(paths.sct), paths.sct) },
    mask: { name: caseId, volume: await images.mask() },
  };
  const report = await evaluator.evaluate(compared, { signal });
  await writeRecord(paths.evaluation, comparedRecords.evaluation, { schemaVersion: 1, key, report });
  return true;
}
