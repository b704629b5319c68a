/** Job `phantom-cohort`: the demo's phantom patients as DICOM, imported, two of them held out for tests, and ranked: a cohort to train on. */
import { join } from 'node:path';
import { z } from 'zod';
import type { ImportResult } from '../../api/contract/jobs.ts';
import { writePhantom } from '../../workflows/phantom/writePhantom.ts';
import { rankCohort } from '../cohort/rankCohort.ts';
import { importPaths } from '../importer/importPaths.ts';
import { importResult } from '../importer/importResult.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { demoCohort, holdOut } from './demoCohort.ts';
import { demoPlan } from './demoPlan.ts';
import { freePhantomNumber, phantomFolder } from './phantomFolder.ts';

const plan = demoPlan({ isQuick: true });
const count = z.number().int().positive();

const paramsSchema = z.object({
  workspace: z.string(),
  cases: z.number().int().min(4).max(100).default(plan.cases),
  sizePx: z.tuple([count, count]).default([...plan.sizePx]),
  spacingMm: z.number().positive().default(plan.spacingMm),
  slices: count.default(plan.slices),
});

/** Resolves with the ImportResult of the cohort. Throws COHORT_EMPTY when none of it could be ranked. */
export const phantomCohortJob: JobRunner = async (params, { onEvent, signal }): Promise<ImportResult> => {
  const { workspace: directory, cases, ...grid } = paramsSchema.parse(params);
  const { misalignMm, heldOut } = plan;
  const workspace = await openWorkspace(directory);
  const progress = {
    signal,
    onProgress: (event: { step: string; done: number; total: number }) =>
      onEvent({ type: 'progress', ...event }),
  };
  progress.onProgress({ step: 'phantom', done: 0, total: cases });
  const out = await phantomFolder(workspace, 'cohort');
  const firstNumber = await freePhantomNumber(workspace);
  const manifest = await writePhantom({
    ...grid,
    out,
    cases,
    // In an empty workspace these are the demo's patients; a second cohort holds others.
    seed: plan.seed + firstNumber - 1,
    firstNumber,
    misalignMm,
    format: 'dicom',
    ...progress,
  });
  signal.throwIfAborted();
  const report = await importPaths([join(out, manifest.images)], workspace, progress);
  signal.throwIfAborted();
  await holdOut(workspace, await demoCohort(workspace, manifest, out), Math.min(heldOut, cases - 3));
  await rankCohort(workspace, { top: 0.11, ...progress });
  return importResult(report);
};
