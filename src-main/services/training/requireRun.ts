import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { runPaths, type RunPaths } from '../../workflows/train/runFolder.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** The paths of a run that has a record. Throws RUN_NOT_FOUND, also for a name that is no folder name. */
export async function requireRun({ runsDirectory }: Workspace, run: string): Promise<RunPaths> {
  const paths = runPaths(join(runsDirectory, run));
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(run);
  if (!isPlain || !(await fileExists(paths.record))) throw new AppError('RUN_NOT_FOUND', { run });
  return paths;
}
