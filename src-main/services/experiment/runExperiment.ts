/**
 * Runs an experiment: the cohort once, then every run one after the other, each an ordinary run of the workspace; after each of them the
 * report. Whatever is there already is taken as it is, so that the same command goes on where it was stopped.
 */
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { Experiment } from '../../workflows/experiment/experimentFile.ts';
import { slug, type PlannedRun } from '../../workflows/experiment/experimentPlan.ts';
import type { CompareFailure } from '../compare/compareFailure.ts';
import type { WrittenComparison } from '../compare/writeComparison.ts';
import { jobResult } from '../jobs/jobResult.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { experimentReport } from './experimentReport.ts';
import { makePhantomCohort, phantomWorkspace, type ExperimentCohort } from './makeCohort.ts';
import { checkedPlan, planCases, runState, standInCases } from './openExperiment.ts';

export interface ExperimentRequest {
  readonly experiment: Experiment;
  readonly workspaceDirectory: string;
  readonly out?: string;
  readonly device: string;
  readonly pdf: boolean;
}

export interface ExperimentContext {
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

export interface ExperimentOutcome {
  readonly out: string;
  readonly workspace: string;
  readonly runs: readonly string[];
  readonly failures: readonly CompareFailure[];
  readonly report: Omit<WrittenComparison, 'comparison'>;
  readonly results: string;
}

/** The experiment's folder: as told, else among the workspace's, called by its title. */
export function experimentFolder({ experiment, workspaceDirectory, out }: ExperimentRequest): string {
  return out ?? join(workspaceDirectory, 'experiments', slug(experiment.title));
}

/** Throws EXPERIMENT_INVALID, what the plan's check throws, DISK_FULL, the signal's reason; a run that fails is named and the rest goes on. */
export async function runExperiment(
  request: ExperimentRequest,
  context: ExperimentContext,
): Promise<ExperimentOutcome> {
  const out = experimentFolder(request);
  const { experiment, device, pdf } = request;
  const say = (message: string, level: 'info' | 'warning' = 'info'): void =>
    context.onEvent({ type: 'log', level, message });
  try {
    const cohort = await cohortOf(request, out, context);
    const { workspace } = cohort;
    const planned = await checkedPlan(experiment, await planCases(workspace), workspace.cohortPath);
    const finished: PlannedRun[] = [];
    const failures: CompareFailure[] = [];
    const report = (isLast: boolean): Promise<WrittenComparison> =>
      experimentReport(
        { experiment, cohort, out, planned, finished, failures, device, pdf: pdf && isLast, isLast },
        context,
      );
    for (const [at, run] of planned.entries()) {
      const { status, step, totalSteps } = await runState(cohort.workspace, run);
      if (status === 'finished') {
        finished.push(run);
        continue;
      }
      const place = `Run ${at + 1} of ${planned.length}, ${run.runId}`;
      say(status === 'stopped' ? `${place}: goes on after step ${step} of ${totalSteps ?? '?'}` : place);
      const failure = await train(cohort, run, device, context);
      if (failure) {
        say(`${run.runId}: ${failure.message}`, 'warning');
        failures.push(failure);
      } else {
        finished.push(run);
        if (at < planned.length - 1) await report(false);
      }
    }
    if (finished.length === 0)
      throw new AppError('EXPERIMENT_INVALID', {
        path: out,
        reason: `none of its runs could be trained (${failures[0]?.message ?? ''})`,
      });
    const { comparison: _, ...files } = await report(true);
    return {
      out,
      workspace: cohort.workspace.directory,
      runs: finished.map(({ runId }) => runId),
      failures,
      report: files,
      results: join(out, 'results.jsonl'),
    };
  } catch (error) {
    if (context.signal.aborted) say('Stopped; the same command goes on from here.');
    throw error;
  }
}

async function cohortOf(
  { experiment, workspaceDirectory }: ExperimentRequest,
  out: string,
  context: ExperimentContext,
): Promise<ExperimentCohort> {
  const { cohort } = experiment;
  if (cohort === 'workspace')
    return { workspace: await openWorkspace(workspaceDirectory), phantoms: [], scan: null };
  // Before phantoms are drawn, which takes long.
  await checkedPlan(experiment, standInCases(cohort.phantom), phantomWorkspace(out).cohortPath);
  return makePhantomCohort(cohort.phantom, out, context);
}

/** Errors that would meet every further run as well. */
const fatal = [
  'DISK_FULL',
  'WRITE_FAILED',
  'JOB_BUSY',
  'LOCKED_ELSEWHERE',
  'DEVICE_UNKNOWN',
  'DEVICE_UNAVAILABLE',
];

/** What kept the run from being trained; null when it is finished. */
async function train(
  { workspace }: ExperimentCohort,
  { runId, config, train: trained, meta }: PlannedRun,
  device: string,
  context: ExperimentContext,
): Promise<CompareFailure | null> {
  const params = { workspace: workspace.directory, runId, config, train: trained, meta, device };
  try {
    await jobResult({ kind: 'experiment-train', params }, context);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || fatal.includes(error.code)) throw error;
    return { run: runId, caseId: null, message: error.message };
  }
}
