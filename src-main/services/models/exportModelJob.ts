/** Job `export-model`: a training run of the workspace as ONNX file and card. */
import { basename } from 'node:path';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { exportModel } from '../../workflows/model/exportModel.ts';
import { appendAudit } from '../audit/auditLog.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { requireRun } from '../training/requireRun.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  run: z.string(),
  out: z.string(),
  /** What people call the model; the run's name unless told. */
  name: z.string().optional(),
});

/** Resolves with the model's id, folder, name and weight hash, and what its card says of the method. */
export const exportModelJob: JobRunner = async (params) => {
  const { workspace: directory, run, out, name } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const { folder } = await requireRun(workspace, run);
  const card = await exportModel(folder, out, packageJson.version, name);
  const { version, weightHash } = card;
  await appendAudit(workspace, {
    action: 'release',
    subject: run,
    model: { name: card.name, version, weightHash },
  });
  const { method, config, notes } = card.training ?? {};
  return {
    modelId: basename(out),
    model: out,
    name: card.name,
    weightHash,
    method,
    features: config?.['features'],
    notes,
  };
};
