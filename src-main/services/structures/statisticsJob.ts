/** Job `structure-statistics`: HU inside the regions of a structure set. Whole volumes are read and measured: not in the process that answers. */
import { z } from 'zod';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { caseStatistics } from './caseStatistics.ts';
import type { RegionStatistics } from './structureStatistics.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  structureSetId: z.string(),
  sctId: z.string().optional(),
});

/** Throws as `caseStatistics`. */
export const statisticsJob: JobRunner = async (params): Promise<RegionStatistics[]> => {
  const { workspace, caseId, structureSetId, sctId } = paramsSchema.parse(params);
  return caseStatistics(await openWorkspace(workspace), caseId, structureSetId, sctId);
};
