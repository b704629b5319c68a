/** The report after every run: the comparison of what is finished, pooled by method, and `results.jsonl` beside it. */
import { join } from 'node:path';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { ComparedMethod } from '../../workflows/compare/comparison.ts';
import { runCost } from '../../workflows/compare/runCost.ts';
import { workspacePlaceholder } from '../../workflows/compare/report/workspacePlaceholder.ts';
import { alignmentSection, type RunAlignment } from '../../workflows/experiment/alignmentSection.ts';
import type { Experiment } from '../../workflows/experiment/experimentFile.ts';
import type { PlannedRun } from '../../workflows/experiment/experimentPlan.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { evaluateRuns } from '../compare/evaluateRuns.ts';
import type { CompareFailure } from '../compare/compareFailure.ts';
import { comparisonWarnings } from '../compare/comparisonWarnings.ts';
import { requireScores } from '../compare/requireScores.ts';
import { writeComparison, type WrittenComparison } from '../compare/writeComparison.ts';
import { requireRun } from '../training/requireRun.ts';
import type { ExperimentCohort } from './makeCohort.ts';
import { phantomText } from './phantomText.ts';
import { runAlignment } from './runAlignment.ts';

export interface ExperimentReportInput {
  readonly experiment: Experiment;
  readonly cohort: ExperimentCohort;
  readonly out: string;
  readonly planned: readonly PlannedRun[];
  readonly finished: readonly PlannedRun[];
  /** Runs that could not be trained. */
  readonly failures: readonly CompareFailure[];
  readonly device: string;
  readonly pdf: boolean;
  /** Nothing follows: what is wrong with the report is said aloud. */
  readonly isLast: boolean;
}

export interface ExperimentReportContext {
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

/** Evaluates what is finished and rewrites the report. Throws COMPARE_FAILED for the last one, DISK_FULL, WRITE_FAILED, the signal's reason. */
export async function experimentReport(
  input: ExperimentReportInput,
  context: ExperimentReportContext,
): Promise<WrittenComparison> {
  const { experiment, cohort, out, planned, finished, device, pdf, isLast } = input;
  const { workspace, phantoms } = cohort;
  const wanted = finished.map(({ runId, test }) => ({ run: runId, cases: test }));
  const evaluated = await evaluateRuns(wanted, { workspace, device, ...context });
  if (isLast) requireScores(evaluated);
  const alignments = new Map<string, RunAlignment | null>();
  for (const { runId } of finished)
    alignments.set(runId, await runAlignment(await requireRun(workspace, runId), phantoms));
  const methods = experiment.methods.map(({ label }): ComparedMethod => ({
    label,
    runs: finished.filter((run) => run.label === label).map(({ runId }) => runId),
  }));
  const lines: object[] = [];
  for (const { runId, label, seed, fold } of finished)
    lines.push({
      run: runId,
      label,
      seed,
      fold,
      cost: await runCost(await requireRun(workspace, runId)),
      scores: evaluated.scores
        .filter(({ run }) => run === runId)
        .map(({ caseId, values }) => ({ caseId, ...values })),
      alignment: alignments.get(runId) ?? null,
    });
  await writeAtomically(
    join(out, 'results.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const shown = methods.filter(({ runs }) => runs.length > 0);
  const alignment = alignmentSection(
    shown.map(({ label, runs }, column) => ({
      label,
      column,
      runs: runs.flatMap((run) => alignments.get(run) ?? []),
    })),
  );
  const warnings = await comparisonWarnings(workspace, shown, wanted);
  if (isLast)
    for (const { text } of warnings) context.onEvent({ type: 'log', level: 'warning', message: text });
  const portable = withoutPaths(experiment);
  return writeComparison(
    {
      workspace,
      methods: shown,
      evaluated: { ...evaluated, failures: [...input.failures, ...evaluated.failures] },
      out: join(out, 'report'),
      title: experiment.title,
      subject: subject(input),
      pdf,
      further: alignment === '' ? [] : [alignment],
      data: {
        experiment: portable,
        ...(cohort.scan ? { scanSha256: cohort.scan } : {}),
        alignment: Object.fromEntries(alignments),
        planned: planned.map(({ runId }) => runId),
      },
      warnings,
      command: `ilium experiment experiment.json --workspace ${workspacePlaceholder}${device === 'auto' ? '' : ` --device ${device}`}`,
      commandFile: { name: 'experiment.json', text: JSON.stringify(portable, null, 2) },
    },
    context,
  );
}

/** The paths of a segmented CT may name a patient: `CT` and `LABELS` stand for them. */
function withoutPaths({ cohort, ...experiment }: Experiment): Experiment {
  if (cohort === 'workspace' || !cohort.phantom.scan) return { ...experiment, cohort };
  return { ...experiment, cohort: { phantom: { ...cohort.phantom, scan: { ct: 'CT', labels: 'LABELS' } } } };
}

function subject({ experiment, planned, finished, cohort: { scan } }: ExperimentReportInput): string[] {
  const { cohort, methods, seeds, folds } = experiment;
  const state =
    finished.length < planned.length
      ? `Not complete: ${finished.length} of ${planned.length} runs are finished; figures of methods with fewer runs will still move.`
      : `All ${planned.length} runs are finished.`;
  const data = cohort === 'workspace' ? 'Cases of the workspace.' : phantomText(cohort.phantom, scan);
  const first = planned[0];
  const sets = first
    ? ` Sets of the first run: ${first.train.length} train, ${first.meta.length} meta, ${first.test.length} test.`
    : '';
  return [
    state,
    `${methods.length} methods × ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${seeds.join(', ')})${folds === undefined ? '' : ` × ${folds} folds`}.`,
    data + sets,
  ];
}
