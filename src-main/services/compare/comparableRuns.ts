import type { ComparableRun } from '../../api/contract/comparison.ts';
import type { RunLibrary } from '../training/runLibrary.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { comparableRun } from './comparableRun.ts';

/** Every run that can be read, the newest first. */
export async function comparableRuns(
  workspace: Workspace,
  runs: Pick<RunLibrary, 'list'>,
): Promise<ComparableRun[]> {
  const readable = (await runs.list()).filter(({ status }) => status !== 'broken');
  return Promise.all(readable.map((summary) => comparableRun(workspace, summary)));
}
