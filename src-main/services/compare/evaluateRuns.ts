/**
 * From runs to figures: sCTs first (one process, whose network uses every core), then evaluations (a process for each core, which share
 * the cases).
 */
import { availableParallelism } from 'node:os';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { CaseScores } from '../../workflows/compare/comparison.ts';
import { lpipsMetricId, metrics } from '../../workflows/compare/metricTable.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { jobResult } from '../jobs/jobResult.ts';
import { requireRun } from '../training/requireRun.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { comparedPaths, comparedRecords } from './comparedFiles.ts';
import { compareEvaluateResultSchema } from './compareEvaluateJob.ts';
import { compareSynthesizeResultSchema } from './compareSynthesizeJob.ts';
import type { CompareFailure } from './compareFailure.ts';

/** A run and the cases it is to be evaluated on. */
export interface RunCases {
  readonly run: string;
  readonly cases: readonly string[];
}

export interface EvaluateRunsContext {
  readonly workspace: Workspace;
  readonly device: string;
  /** Processes that evaluate at once. */
  readonly processes?: number;
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

export interface EvaluatedRuns {
  readonly scores: readonly CaseScores[];
  readonly failures: readonly CompareFailure[];
  readonly seconds: { readonly synthesize: number; readonly evaluate: number };
  /** Made and found again. */
  readonly counts: Readonly<Record<'sctsMade' | 'sctsReused' | 'evaluated' | 'evaluationsReused', number>>;
  /** Metrics that need weights which are not installed. */
  readonly notInstalled: readonly string[];
  /** Ids of metrics that look through weights which are not the published ones. */
  readonly unpublished: readonly string[];
}

/** Evaluates every run on its cases. Throws the signal's reason, DISK_FULL, WORKER_ENDED. */
export async function evaluateRuns(
  wanted: readonly RunCases[],
  context: EvaluateRunsContext,
): Promise<EvaluatedRuns> {
  const { workspace, device, processes = availableParallelism(), signal } = context;
  const began = performance.now();
  const made = compareSynthesizeResultSchema.parse(
    await jobResult(
      { kind: 'compare-synthesize', params: { workspace: workspace.directory, runs: wanted, device } },
      context,
    ),
  );
  const between = performance.now();
  const isFailed = (run: string, caseId: string): boolean =>
    made.failures.some((one) => (one.run ?? run) === run && (one.caseId ?? caseId) === caseId);
  const cases = [...new Set(wanted.flatMap((one) => one.cases))].flatMap((caseId) => {
    const runs = wanted
      .filter((one) => one.cases.includes(caseId) && !isFailed(one.run, caseId))
      .map(({ run }) => run);
    return runs.length > 0 ? [{ caseId, runs }] : [];
  });
  const progress = sharedProgress(cases, context.onEvent);
  const shares = Array.from({ length: Math.min(processes, cases.length) }, (_, at) =>
    cases.filter((_one, place) => place % processes === at),
  );
  const results = await Promise.all(
    shares.map(async (share, at) =>
      compareEvaluateResultSchema.parse(
        await jobResult(
          { kind: 'compare-evaluate', params: { workspace: workspace.directory, cases: share } },
          { signal, onEvent: progress(at) },
        ),
      ),
    ),
  );
  const failures = [...made.failures, ...results.flatMap((one) => one.failures)];
  const sum = (key: 'evaluated' | 'reused'): number => results.reduce((all, one) => all + one[key], 0);
  return {
    ...(await readScores(workspace, cases, failures)),
    failures,
    seconds: { synthesize: (between - began) / 1000, evaluate: (performance.now() - between) / 1000 },
    counts: {
      sctsMade: made.made,
      sctsReused: made.reused,
      evaluated: sum('evaluated'),
      evaluationsReused: sum('reused'),
    },
  };
}

/** One progress over several processes: the sum of theirs. */
function sharedProgress(
  cases: readonly { readonly runs: readonly string[] }[],
  onEvent: (event: JobEvent) => void,
): (process: number) => (event: JobEvent) => void {
  const total = cases.reduce((sum, { runs }) => sum + runs.length, 0);
  const done: number[] = [];
  return (process) => (event) => {
    if (event.type === 'progress') {
      done[process] = event.done;
      const sum = done.reduce((all, one) => all + one, 0);
      onEvent({ type: 'progress', step: event.step, done: sum, total });
    } else onEvent(event);
  };
}

async function readScores(
  workspace: Workspace,
  cases: readonly { readonly caseId: string; readonly runs: readonly string[] }[],
  failures: readonly CompareFailure[],
): Promise<Pick<EvaluatedRuns, 'scores' | 'notInstalled' | 'unpublished'>> {
  const scores: CaseScores[] = [];
  const notInstalled = new Set<string>();
  const unpublished = new Set<string>();
  for (const { caseId, runs } of cases) {
    for (const run of runs) {
      if (failures.some((one) => one.caseId === caseId && (one.run ?? run) === run)) continue;
      const { folder } = await requireRun(workspace, run);
      const { evaluation } = comparedPaths(folder, caseId);
      const { report } = await readRecord(evaluation, comparedRecords.evaluation);
      for (const { metric } of report.notInstalled) notInstalled.add(metric);
      for (const { backbone, published } of report.lpips)
        if (published === false) unpublished.add(lpipsMetricId(backbone));
      const values = Object.fromEntries(metrics.map(({ id, read }) => [id, read(report)]));
      scores.push({ run, caseId, values });
    }
  }
  return { scores, notInstalled: [...notInstalled], unpublished: [...unpublished] };
}
