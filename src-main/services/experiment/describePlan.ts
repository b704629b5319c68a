/** `--dry-run`: what an experiment would do and how long it may take, as far as finished runs tell. */
import { join } from 'node:path';
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { drawnSize } from '../../imaging/phantom/drawnSize.ts';
import { scannedBody } from '../../imaging/phantom/scannedBody.ts';
import { scannedGrid } from '../../imaging/phantom/scannedGrid.ts';
import type { AppError } from '../../shared/appError.ts';
import { runCost } from '../../workflows/compare/runCost.ts';
import type { Experiment } from '../../workflows/experiment/experimentFile.ts';
import { experimentPlan } from '../../workflows/experiment/experimentPlan.ts';
import { runPaths } from '../../workflows/train/runFolder.ts';
import { stepPlan } from '../../workflows/train/stepPlan.ts';
import { trainedRoles } from '../../workflows/train/trainingRoles.ts';
import { loadSegmentedCt } from '../importer/loadSegmentedCt.ts';
import { cohortSlices } from '../training/cohortSlices.ts';
import { workspaceAt, type Workspace } from '../workspace/openWorkspace.ts';
import { cohortState } from './cohortRecord.ts';
import { phantomWorkspace } from './makeCohort.ts';
import { planCases, planProblems, runState, standInCases } from './openExperiment.ts';
import { experimentFolder, type ExperimentRequest } from './runExperiment.ts';

export interface PlannedRunEstimate {
  readonly run: string;
  readonly label: string;
  readonly seed: number;
  readonly fold: number | null;
  readonly status: 'new' | 'stopped' | 'running' | 'finished';
  readonly step: number;
  readonly totalSteps: number;
  /** Left to train; null where no run of the method has told how long a step takes. */
  readonly seconds: number | null;
}

export interface ExperimentEstimate {
  readonly out: string;
  /** Phantoms are drawn when the experiment starts. */
  readonly isCohortMade: boolean;
  /** What the experiment would be refused for. */
  readonly problems: readonly AppError[];
  readonly runs: readonly PlannedRunEstimate[];
}

/** Reads alone. Throws CONFIG_INVALID, COHORT_INVALID, EXPERIMENT_INVALID, what reading a scan throws, and the signal's reason. */
export async function describePlan(
  request: ExperimentRequest,
  signal: AbortSignal,
): Promise<ExperimentEstimate> {
  const { experiment, workspaceDirectory } = request;
  const { cohort } = experiment;
  const out = experimentFolder(request);
  const isOwn = cohort !== 'workspace';
  const isCohortMade = !isOwn || (await cohortState(out, cohort.phantom)) === 'complete';
  const place = isOwn ? phantomWorkspace(out) : workspaceAt(workspaceDirectory);
  const workspace = isCohortMade ? place : null;
  const cases = isOwn && !workspace ? standInCases(cohort.phantom) : await planCases(place);
  const slicesPerCase = await meanSlices(experiment, workspace, signal);
  const plan = experimentPlan(experiment, cases);
  const states = await Promise.all(
    plan.map(async (run) =>
      workspace ? runState(workspace, run) : { run, status: 'new' as const, step: 0, totalSteps: null },
    ),
  );
  const pace = workspace ? await paceByLabel(workspace, states) : new Map<string, Paces>();
  return {
    out,
    isCohortMade,
    problems: await planProblems(plan, place.cohortPath),
    runs: states.map(({ run, status, step, totalSteps }) => {
      const counted = trainedRoles(run.config).reduce((sum, role) => sum + run[role].length, 0);
      const steps = stepPlan(run.config, Math.round(counted * slicesPerCase));
      const total = totalSteps ?? steps.totalSteps;
      const paces = pace.get(run.label);
      return {
        run: run.runId,
        label: run.label,
        seed: run.seed,
        fold: run.fold,
        status,
        step,
        totalSteps: total,
        seconds:
          status === 'finished' ? 0 : paces ? secondsLeft(step, steps.warmupSteps, total, paces) : null,
      };
    }),
  };
}

/** Slices a case to train on has: counted where there are cases, else as told or as the scan gives them. */
async function meanSlices(
  { cohort }: Experiment,
  workspace: Workspace | null,
  signal: AbortSignal,
): Promise<number> {
  if (workspace) {
    const { cases } = await workspace.readCohort();
    const { train, meta } = await cohortSlices(workspace);
    const count = cases.filter(({ role }) => role === 'train' || role === 'meta').length;
    return count > 0 ? (train + meta) / count : 0;
  }
  if (cohort === 'workspace') return 0;
  const { scan, slices = drawnSize.slices } = cohort.phantom;
  // The scan is read in any case: what it lacks is known before the run.
  return scan
    ? scannedGrid(scannedBody(await loadSegmentedCt(scan, { signal }), 'the CT'), cohort.phantom).slices
    : slices;
}

/** Seconds a step of the warm-up takes, and a later one. */
interface Paces {
  readonly warmup: number;
  readonly own: number;
}

function secondsLeft(step: number, warmupSteps: number, totalSteps: number, { warmup, own }: Paces): number {
  return (
    Math.max(0, warmupSteps - step) * warmup + Math.max(0, totalSteps - Math.max(step, warmupSteps)) * own
  );
}

/** Medians of the runs of each method that are through their warm-up; other methods begin with the same steps, but do not go on alike. */
async function paceByLabel(
  { runsDirectory }: Workspace,
  states: readonly Awaited<ReturnType<typeof runState>>[],
): Promise<Map<string, Paces>> {
  const known = new Map<string, Paces[]>();
  for (const { run, status } of states) {
    if (status === 'new') continue;
    const cost = await runCost(runPaths(join(runsDirectory, run.runId)));
    if (cost.secondsPerStep === null) continue;
    const paces = { warmup: cost.warmupSecondsPerStep ?? cost.secondsPerStep, own: cost.secondsPerStep };
    known.set(run.label, [...(known.get(run.label) ?? []), paces]);
  }
  const middle = (values: readonly number[]): number => percentiles(values, [50])[0] ?? 0;
  return new Map(
    [...known].map(([label, all]) => [
      label,
      { warmup: middle(all.map(({ warmup }) => warmup)), own: middle(all.map(({ own }) => own)) },
    ]),
  );
}
