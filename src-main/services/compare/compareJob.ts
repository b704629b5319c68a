/** Job `compare`: see `compareRuns`. */
import { z } from 'zod';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { compareRuns } from './compareRuns.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  runs: z.array(z.string()).min(1),
  cases: z.array(z.string()).default([]),
  out: z.string().exactOptional(),
  pdf: z.boolean().default(false),
  slices: z.array(z.number().int()).exactOptional(),
  device: z.string().default('auto'),
});

/** Resolves with ComparedRuns. */
export const compareJob: JobRunner = (params, context) => {
  const { workspace: workspaceDirectory, ...request } = paramsSchema.parse(params);
  return compareRuns({ workspaceDirectory, ...request }, context);
};
