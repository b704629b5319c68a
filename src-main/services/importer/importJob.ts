/** Job `import`: files and folders into the workspace, one outcome per file. */
import { z } from 'zod';
import type { ImportResult } from '../../api/contract/jobs.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { importPaths } from './importPaths.ts';
import { importResult } from './importResult.ts';

const paramsSchema = z.object({
  workspace: z.string(),
  paths: z.array(z.string()).min(1),
  uploadFolder: z.string().optional(),
  resample: z.boolean().default(false),
});

/** Resolves with an ImportResult; stopping keeps the cases that are complete. */
export const importJob: JobRunner = async (params, { onEvent, signal }): Promise<ImportResult> => {
  const { workspace: directory, paths, uploadFolder, resample } = paramsSchema.parse(params);
  const workspace = await openWorkspace(directory);
  const report = await importPaths(paths, workspace, {
    signal,
    resample,
    onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
  });
  return importResult(report, uploadFolder);
};
