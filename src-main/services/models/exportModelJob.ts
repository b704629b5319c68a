/** Job `export-model`: a training run of the workspace as ONNX file and card. */
import { join } from 'node:path';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { AppError } from '../../shared/appError.ts';
import { exportModel } from '../../workflows/model/exportModel.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';

const paramsSchema = z.object({ workspace: z.string(), run: z.string(), out: z.string() });

/** Resolves with the model's folder, name and weight hash. */
export const exportModelJob: JobRunner = async (params) => {
  const { workspace: directory, run, out } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  if (!/^[A-Za-z0-9._-]+$/.test(run)) throw new AppError('RUN_NOT_FOUND', { run });
  const card = await exportModel(join(workspace.runsDirectory, run), out, packageJson.version);
  return { model: out, name: card.name, weightHash: card.weightHash };
};
