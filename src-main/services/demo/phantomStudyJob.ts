/**
 * Job `phantom-study`: one phantom patient, MR and misaligned CT, written as DICOM and imported like any patient's. 192×128×48 voxels of
 * 2 × 2 × 3 mm: enough slices for bone in three dimensions, small enough for a model on two processor cores.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { ImportResult } from '../../api/contract/jobs.ts';
import { writePhantom } from '../../workflows/phantom/writePhantom.ts';
import { importPaths } from '../importer/importPaths.ts';
import { importResult } from '../importer/importResult.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { freePhantomNumber, phantomFolder } from './phantomFolder.ts';

const count = z.number().int().positive();

const paramsSchema = z.object({
  workspace: z.string(),
  /** Absent: another patient than those that are there. */
  seed: z.number().int().nonnegative().optional(),
  sizePx: z.tuple([count, count]).default([192, 128]),
  spacingMm: z.number().positive().default(2),
  slices: count.default(48),
  sliceSpacingMm: z.number().positive().default(3),
});

const misalignMm = 6;

/** Resolves with the ImportResult of the patient. */
export const phantomStudyJob: JobRunner = async (params, { onEvent, signal }): Promise<ImportResult> => {
  const { workspace: directory, seed, ...grid } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const progress = {
    signal,
    onProgress: (event: { step: string; done: number; total: number }) =>
      onEvent({ type: 'progress', ...event }),
  };
  progress.onProgress({ step: 'phantom', done: 0, total: 1 });
  const firstNumber = await freePhantomNumber(workspace);
  const out = await phantomFolder(workspace, 'study');
  const { images } = await writePhantom({
    ...grid,
    out,
    cases: 1,
    seed: seed ?? firstNumber,
    misalignMm,
    alignedShare: 0,
    firstNumber,
    format: 'dicom',
    ...progress,
  });
  signal.throwIfAborted();
  return importResult(await importPaths([join(out, images)], workspace, progress));
};
