/** From an experiment's file to what there is to do: its folder, its cohort where there is one already, and its runs with their state. */
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import type { Experiment, PhantomCohortOptions } from '../../workflows/experiment/experimentFile.ts';
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

/** Stand-ins of phantoms that are not drawn yet: their number is known, which of them the meta set will be is not. */
export function standInCases({ cases, testCases, alignedShare }: PhantomCohortOptions): PlanCase[] {
  const meta = Math.ceil(alignedShare * cases - 1e-9);
  return Array.from({ length: cases + testCases }, (_, at) => ({
    caseId: `phantom-${at + 1}`,
    role: at >= cases ? 'test' : at < meta ? 'meta' : 'train',
    hash: '',
  }));
}

/**
 * What keeps the runs of `plan` from being trained and compared, each once; empty where nothing does. COHORT_EMPTY, COHORT_NO_META,
 * COMPARE_NO_CASES and WEIGHTS_NOT_INSTALLED are told; others are thrown.
 */
export async function planProblems(plan: readonly PlannedRun[], cohortPath: string): Promise<AppError[]> {
  const problems = new Map<string, AppError>();
  const tell = (problem: AppError): unknown => problems.set(problem.message, problem);
  for (const { config, train, meta, test } of plan) {
    const roles = [...train.map(() => 'train' as const), ...meta.map(() => 'meta' as const)];
    try {
      checkStudies(
        config,
        roles.map((role) => ({ role })),
        cohortPath,
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      tell(error);
    }
    if (test.length === 0) tell(new AppError('COMPARE_NO_CASES', { path: cohortPath }));
    for (const name of await missingFeatureNetworks(config))
      tell(new AppError('WEIGHTS_NOT_INSTALLED', { name }));
  }
  return [...problems.values()];
}

/** The plan over `cases`, where nothing keeps it from being carried out. Throws CONFIG_INVALID and the first of `planProblems`. */
export async function checkedPlan(
  experiment: Experiment,
  cases: readonly PlanCase[],
  cohortPath: string,
): Promise<PlannedRun[]> {
  const plan = experimentPlan(experiment, cases);
  const [problem] = await planProblems(plan, cohortPath);
  if (problem) throw problem;
  return plan;
}

/** How far a planned run is. Throws RECORD_INVALID for a damaged one. */
export async function runState({ runsDirectory }: Workspace, run: PlannedRun): Promise<RunState> {
  const paths = runPaths(join(runsDirectory, run.runId));
  if (!(await fileExists(paths.record))) return { run, status: 'new', step: 0, totalSteps: null };
  const { status, step, totalSteps } = await runDetail(paths);
  return { run, status: status === 'broken' ? 'stopped' : status, step, totalSteps };
}
