/** Job `gate`: whether a case's MR fits a model, without making anything. */
import { z } from 'zod';
import { judgeMr } from '../../workflows/gate/judgeMr.ts';
import type { GateReport } from '../../workflows/gate/gateReport.ts';
import { mrFacts } from '../../workflows/gate/mrFacts.ts';
import { readModel } from '../../workflows/model/readModel.ts';
import { bodyImages } from '../../workflows/prepare/bodyImages.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';

const paramsSchema = z.object({ workspace: z.string(), caseId: z.string(), modelPath: z.string() });

/** Resolves with a GateReport. Throws what the case and the model throw, NO_BODY_FOUND. */
export const gateJob: JobRunner = async (params): Promise<GateReport> => {
  const { workspace: directory, caseId, modelPath } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const record = await workspace.readCase(caseId);
  const mr = await workspace.readVolume(caseId, 'mr');
  const mask = record.mask ? await workspace.readVolume(caseId, 'mask') : undefined;
  const { card } = await readModel(modelPath);
  const { spacingMm, mrPercentiles } = card.input;
  const images = bodyImages(mr, { spacingMm, mrPercentiles, subject: caseId, ...(mask ? { mask } : {}) });
  return judgeMr(mrFacts(mr, images, record.mr?.source), card);
};
