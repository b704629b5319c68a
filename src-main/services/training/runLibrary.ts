/** The training runs of a workspace as the window sees them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Film, RunDetail, RunLogPage, RunSummary } from '../../api/contract/training.ts';
import { runPaths } from '../../workflows/train/runFolder.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { requireRun } from './requireRun.ts';
import { filmFrame, filmOf, filmSlices } from './runFilm.ts';
import { createRunLogs } from './runLog.ts';
import { runDetail, runSummary } from './runSummary.ts';

/** Every method but `list` throws RUN_NOT_FOUND, and RECORD_INVALID for a run that is broken. */
export interface RunLibrary {
  /** The newest first. */
  list(): Promise<RunSummary[]>;
  read(run: string): Promise<RunDetail>;
  logPage(run: string, from: number): Promise<RunLogPage>;
  film(run: string): Promise<Film>;
  filmSlices(run: string): Promise<Float32Array<ArrayBuffer>>;
  filmFrame(run: string, epoch: number): Promise<Float32Array<ArrayBuffer>>;
}

export function createRunLibrary(workspace: Workspace): RunLibrary {
  const logs = createRunLogs();
  return {
    async list() {
      const entries = await readdir(workspace.runsDirectory, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
      const runs = await Promise.all(
        folders.map(({ name }) => runSummary(runPaths(join(workspace.runsDirectory, name)))),
      );
      return runs.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    read: async (run) => runDetail(await requireRun(workspace, run)),
    logPage: async (run, from) => logs.page((await requireRun(workspace, run)).log, from),
    async film(run) {
      const paths = await requireRun(workspace, run);
      const labels = new Map((await workspace.listCases()).map(({ caseId, label }) => [caseId, label]));
      return filmOf(paths, (caseId) => labels.get(caseId) ?? caseId);
    },
    filmSlices: async (run) => filmSlices(await requireRun(workspace, run)),
    filmFrame: async (run, epoch) => filmFrame(await requireRun(workspace, run), epoch),
  };
}
