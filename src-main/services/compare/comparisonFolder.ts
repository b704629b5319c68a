/** Where the comparisons of a workspace lie: `ilium compare` puts them among the exports, an experiment keeps its own beside its runs. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface ComparisonFolder {
  /** `compare-20260102-030405`, or `experiment:` and the name of the experiment's folder. */
  readonly comparisonId: string;
  readonly origin: 'runs' | 'experiment';
  readonly folder: string;
}

const experimentMark = 'experiment:';
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The record of a comparison, which is written before its page. */
export const comparisonRecordName = 'comparison.json';

/** Every folder that may hold one. */
export async function comparisonFolders(workspace: Workspace): Promise<ComparisonFolder[]> {
  const ids = [
    ...(await folderNames(workspace.exportsDirectory)),
    ...(await folderNames(experimentsOf(workspace))).map((name) => experimentMark + name),
  ];
  return ids.map((id) => locate(workspace, id));
}

/** The folder of one. Throws COMPARISON_NOT_FOUND, also for an id that is none. */
export async function requireComparison(
  workspace: Workspace,
  comparisonId: string,
): Promise<ComparisonFolder> {
  const found = plainName.test(comparisonId.replace(experimentMark, '')) && locate(workspace, comparisonId);
  if (!found || !(await fileExists(join(found.folder, comparisonRecordName))))
    throw new AppError('COMPARISON_NOT_FOUND', { comparison: comparisonId });
  return found;
}

function locate(workspace: Workspace, comparisonId: string): ComparisonFolder {
  if (!comparisonId.startsWith(experimentMark))
    return { comparisonId, origin: 'runs', folder: join(workspace.exportsDirectory, comparisonId) };
  const name = comparisonId.slice(experimentMark.length);
  return { comparisonId, origin: 'experiment', folder: join(experimentsOf(workspace), name, 'report') };
}

const experimentsOf = ({ directory }: Workspace): string => join(directory, 'experiments');

async function folderNames(directory: string): Promise<string[]> {
  if (!(await fileExists(directory))) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((one) => one.isDirectory() && plainName.test(one.name)).map(({ name }) => name);
}
