/** `ilium compare`: runs of a workspace on its test cases, from generators to the report. */
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import type { ComparedMethod } from '../../workflows/compare/comparison.ts';
import { workspacePlaceholder } from '../../workflows/compare/report/workspacePlaceholder.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { timeStamp } from '../../workflows/files/timeStamp.ts';
import { runRecordSchema } from '../../workflows/train/runFolder.ts';
import { requireRun } from '../training/requireRun.ts';
import { openWorkspace, type Workspace } from '../workspace/openWorkspace.ts';
import { comparisonWarnings } from './comparisonWarnings.ts';
import { evaluateRuns, type EvaluatedRuns } from './evaluateRuns.ts';
import { requireScores } from './requireScores.ts';
import { writeComparison, type WriteComparisonContext, type WrittenComparison } from './writeComparison.ts';

export interface CompareRequest {
  readonly workspaceDirectory: string;
  /** Names of runs; the first is what the others are compared with. */
  readonly runs: readonly string[];
  /** Case ids; none: those with the role `test`. */
  readonly cases: readonly string[];
  /** The report's folder; a new one among the workspace's exports unless told. */
  readonly out?: string;
  readonly pdf: boolean;
  readonly slices?: readonly number[];
  readonly device: string;
}

export interface ComparedRuns extends Omit<WrittenComparison, 'comparison'> {
  readonly runs: readonly string[];
  readonly cases: readonly string[];
  readonly counts: EvaluatedRuns['counts'];
  readonly failures: EvaluatedRuns['failures'];
  /** Wall clock: sCTs, figures, report. */
  readonly seconds: Readonly<Record<'synthesize' | 'evaluate' | 'report', number>>;
}

/** Throws RUN_NOT_FOUND, CASE_NOT_FOUND, COMPARE_NO_CASES, COMPARE_FAILED, DEVICE_…, DISK_FULL, the signal's reason. */
export async function compareRuns(
  request: CompareRequest,
  context: WriteComparisonContext,
): Promise<ComparedRuns> {
  const workspace = await openWorkspace(request.workspaceDirectory);
  const runs = [...new Set(request.runs)];
  const methods = await methodsOf(workspace, runs);
  const cases = await casesOf(workspace, request.cases);
  const wanted = runs.map((run) => ({ run, cases }));
  const warnings = await comparisonWarnings(workspace, methods, wanted);
  for (const { text } of warnings) context.onEvent({ type: 'log', level: 'warning', message: text });
  const evaluated = await evaluateRuns(wanted, { workspace, device: request.device, ...context });
  requireScores(evaluated);
  const began = performance.now();
  const { comparison, ...files } = await writeComparison(
    {
      workspace,
      methods,
      evaluated,
      out: request.out ?? join(workspace.exportsDirectory, `compare-${timeStamp()}`),
      title: `Comparison of ${methods.map(({ label }) => label).join(', ')}`,
      subject: [
        `${runs.length} runs on ${cases.length === 1 ? 'one case' : `${cases.length} cases`} that the report names by ${cases.length === 1 ? 'its id' : 'their ids'}.`,
      ],
      pdf: request.pdf,
      ...(request.slices ? { slices: request.slices } : {}),
      warnings,
      command: commandOf(request, runs),
    },
    context,
  );
  const { counts, failures, seconds } = evaluated;
  return {
    runs,
    cases: comparison.cases,
    ...files,
    counts,
    failures,
    seconds: { ...seconds, report: (performance.now() - began) / 1000 },
  };
}

/** Where the report is written says nothing of what is in it. */
function commandOf({ cases, slices, device }: CompareRequest, runs: readonly string[]): string {
  return [
    ...['ilium compare', ...runs, '--workspace', workspacePlaceholder],
    ...(cases.length > 0 ? ['--case', ...cases] : []),
    ...(slices ? ['--slices', slices.join(',')] : []),
    ...(device === 'auto' ? [] : ['--device', device]),
  ].join(' ');
}

/** Each run is a column of its own, called by its method where that tells it apart. */
async function methodsOf(workspace: Workspace, runs: readonly string[]): Promise<ComparedMethod[]> {
  const named: { run: string; method: string }[] = [];
  for (const run of runs) {
    const { record } = await requireRun(workspace, run);
    named.push({ run, method: (await readRecord(record, runRecordSchema)).config.method });
  }
  const isAlone = (method: string): boolean => named.filter((one) => one.method === method).length === 1;
  return named.map(({ run, method }) => ({ label: isAlone(method) ? method : run, runs: [run] }));
}

async function casesOf(workspace: Workspace, wanted: readonly string[]): Promise<string[]> {
  for (const caseId of wanted) await workspace.readCase(caseId);
  if (wanted.length > 0) return [...new Set(wanted)];
  const { cases } = await workspace.readCohort();
  const test = cases.filter(({ role }) => role === 'test').map(({ caseId }) => caseId);
  if (test.length === 0) throw new AppError('COMPARE_NO_CASES', { path: workspace.cohortPath });
  return test;
}
