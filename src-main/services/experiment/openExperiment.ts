/** From an experiment's file to what there is to do: its folder, its cohort where there is one already, and its runs with their state. */
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import type { Experiment } from '../../workflows/experiment/experimentFile.ts';
import { experimentPlan, type PlanCase, type PlannedRun } from '../../workflows/experiment/experimentPlan.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { runPaths } from '../../workflows/train/runFolder.ts';
import { checkStudies } from '../../workflows/train/prepareRun.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { keyOf } from '../compare/comparedFiles.ts';
import { missingFeatureNetworks } from '../training/featureWeights.ts';
import { runDetail } from '../training/runSummary.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface RunState {
  readonly run: PlannedRun;
  readonly status: 'new' | 'stopped' | 'running' | 'finished';
  readonly step: number;
  /** Null before the run is prepared. */
  readonly totalSteps: number | null;
}

/** The cohort's cases as the plan sees them. Throws COHORT_INVALID, FILE_UNREADABLE. */
export async function planCases(workspace: Workspace): Promise<PlanCase[]> {
  const cases: PlanCase[] = [];
  for (const { caseId, role, mrPath, ctPath, maskPath } of await workspace.listCohortStudies()) {
    if (role === 'excluded') continue;
    const hash = keyOf({
      mr: await fileHash(mrPath),
      ct: await fileHash(ctPath),
      mask: maskPath === undefined ? null : await fileHash(maskPath),
    });
    cases.push({ caseId, role, hash });
  }
  return cases;
}

/** The plan, checked before anything is trained. Throws COHORT_EMPTY, COHORT_NO_META, COMPARE_NO_CASES, WEIGHTS_NOT_INSTALLED. */
export async function checkedPlan(experiment: Experiment, workspace: Workspace): Promise<PlannedRun[]> {
  const plan = experimentPlan(experiment, await planCases(workspace));
  const path = workspace.cohortPath;
  for (const { config, train, meta, test } of plan) {
    const studies = [...train.map(() => 'train' as const), ...meta.map(() => 'meta' as const)];
    checkStudies(
      config,
      studies.map((role) => ({ role })),
      path,
    );
    if (test.length === 0) throw new AppError('COMPARE_NO_CASES', { path });
    const [missing] = await missingFeatureNetworks(config);
    if (missing) throw new AppError('WEIGHTS_NOT_INSTALLED', { name: missing });
  }
  return plan;
}

/** How far a planned run is. Throws RECORD_INVALID for a damaged one. */
export async function runState({ runsDirectory }: Workspace, run: PlannedRun): Promise<RunState> {
  const paths = runPaths(join(runsDirectory, run.runId));
  if (!(await fileExists(paths.record))) return { run, status: 'new', step: 0, totalSteps: null };
  const { status, step, totalSteps } = await runDetail(paths);
  return { run, status: status === 'broken' ? 'stopped' : status, step, totalSteps };
}
