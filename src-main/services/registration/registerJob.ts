/** Job `register`: the CT of a case onto its MR, by search or where a person has put it. */
import { z } from 'zod';
import type { RegisterResult } from '../../api/contract/jobs.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { findingBody } from '../findings/findingBody.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { reportFindings } from '../synthesis/reportFindings.ts';
import { registerCase } from './registerCase.ts';
import { registrationBody } from './registrationBody.ts';
import { rigidTransformSchema } from './registrationRecord.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  fixed: z.enum(['mr', 'ct']).default('mr'),
  placement: rigidTransformSchema.optional(),
});

/** Stopping leaves the case as it was. */
export const registerJob: JobRunner = async (params, { onEvent, signal }): Promise<RegisterResult> => {
  const { workspace, caseId, fixed, placement } = paramsSchema.parse(params);
  const record = await registerCase(await openWorkspace(workspace), caseId, {
    fixed,
    ...(placement ? { placement } : {}),
    signal,
    onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
  });
  reportFindings(record.findings, { onEvent, signal });
  return { caseId, registration: registrationBody(record), findings: record.findings.map(findingBody) };
};
