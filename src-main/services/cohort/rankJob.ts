/** Job `rank`: mutual information per case, and the best-aligned share proposed for meta-validation. */
import { z } from 'zod';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { findingBody } from '../findings/findingBody.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { rankCohort } from './rankCohort.ts';

const paramsSchema = z.object({ workspace: z.string(), top: z.number().gt(0).max(1).default(0.11) });

/** Resolves with how many cases were ranked, how many became meta, and the findings. */
export const rankJob: JobRunner = async (params, { onEvent, signal }) => {
  const { workspace, top } = paramsSchema.parse(params);
  const { cases, findings } = await rankCohort(await openWorkspace(workspace), {
    top,
    signal,
    onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
  });
  return {
    cases: cases.length,
    meta: cases.filter(({ proposedRole }) => proposedRole === 'meta').length,
    findings: findings.map(findingBody),
  };
};
