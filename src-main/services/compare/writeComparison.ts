/** Writes what was found: `comparison.html` for people, `comparison.csv` and `comparison.json` for programs, `comparison.pdf` where asked for. */
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { FindingBody } from '../../api/contract/session.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import { choosePictureCases } from '../../workflows/compare/choosePictureCases.ts';
import type { ComparedMethod, Comparison } from '../../workflows/compare/comparison.ts';
import { comparisonCsv } from '../../workflows/compare/comparisonCsv.ts';
import { compareMethods } from '../../workflows/compare/compareMethods.ts';
import { drawFilm } from '../../workflows/compare/pictures/drawFilm.ts';
import { comparisonPage, type ComparisonPage } from '../../workflows/compare/report/comparisonPage.ts';
import type { MethodCosts } from '../../workflows/compare/report/costTable.ts';
import { workspacePlaceholder } from '../../workflows/compare/report/workspacePlaceholder.ts';
import { runCost } from '../../workflows/compare/runCost.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { requireRun } from '../training/requireRun.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { failureText, type CompareFailure } from './compareFailure.ts';
import { drawCases } from './drawCases.ts';
import type { EvaluatedRuns } from './evaluateRuns.ts';
import { printPdf } from './printPdf.ts';
import { readFilm } from './readFilm.ts';

export interface ComparisonRequest {
  readonly workspace: Workspace;
  readonly methods: readonly ComparedMethod[];
  readonly evaluated: EvaluatedRuns;
  /** The folder; older files of the same names are replaced. */
  readonly out: string;
  readonly title: string;
  readonly subject: readonly string[];
  readonly slices?: readonly number[];
  readonly pdf: boolean;
  readonly further?: readonly string[];
  /** More for `comparison.json`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What one should know of the runs before their figures are believed. */
  readonly warnings: readonly FindingBody[];
  /** What makes this again, without paths of this machine. */
  readonly command: string;
  /** What the command reads: the page shows it whole. */
  readonly commandFile?: ComparisonPage['commandFile'];
}

export interface WrittenComparison {
  readonly comparison: Comparison;
  readonly warnings: readonly FindingBody[];
  readonly html: string;
  readonly csv: string;
  readonly json: string;
  readonly pdf: string | null;
}

export interface WriteComparisonContext {
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

/** Draws and writes. Throws DISK_FULL, WRITE_FAILED, BAD_USAGE (slices), the signal's reason. */
export async function writeComparison(
  request: ComparisonRequest,
  { onEvent, signal }: WriteComparisonContext,
): Promise<WrittenComparison> {
  const { workspace, methods, evaluated, out, slices, warnings, commandFile = null } = request;
  onEvent({ type: 'progress', step: 'draw the report', done: 0, total: 1 });
  const comparison = compareMethods(methods, evaluated.scores, evaluated.unpublished);
  const failures = withoutPaths(workspace, evaluated.failures);
  const costs = await costsOf(workspace, methods);
  const cases = await drawCases(
    { workspace, methods, cases: choosePictureCases(comparison), slices, shownRun: shownRun(evaluated) },
    signal,
  );
  const page: ComparisonPage = {
    title: request.title,
    subject: request.subject,
    comparison,
    warnings: warnings.map(({ text }) => text),
    problems: failures.map(failureText),
    notInstalled: evaluated.notInstalled,
    cases,
    films: await filmsOf(workspace, methods),
    costs,
    further: request.further ?? [],
    command: request.command,
    commandFile,
    versions: `Ilium ${packageJson.version}, onnxruntime-node ${packageJson.dependencies['onnxruntime-node']}, Node ${process.versions.node}, ${process.platform} ${process.arch}.`,
  };
  const paths = {
    html: join(out, 'comparison.html'),
    csv: join(out, 'comparison.csv'),
    json: join(out, 'comparison.json'),
    pdf: join(out, 'comparison.pdf'),
  };
  const { counts, seconds, notInstalled, scores } = evaluated;
  const data = {
    schemaVersion: 1,
    title: request.title,
    createdAt: new Date().toISOString(),
    command: request.command,
    versions: page.versions,
    warnings,
    ...comparison,
    scores,
    boneFailures: cases.map(({ caseId, limitMm, failures: methodFailures }) => ({
      caseId,
      limitMm,
      methods: methodFailures,
    })),
    failures,
    notInstalled,
    costs,
    counts,
    seconds,
    ...request.data,
  };
  await writeAtomically(paths.csv, comparisonCsv(comparison, scores));
  await writeAtomically(paths.json, `${JSON.stringify(data, null, 2)}\n`);
  await writeAtomically(paths.html, comparisonPage(page));
  onEvent({ type: 'progress', step: 'draw the report', done: 1, total: 1 });
  const noPdf = request.pdf ? await printPdf(paths.html, paths.pdf, signal) : null;
  if (noPdf !== null) onEvent({ type: 'log', level: 'warning', message: noPdf });
  return { ...paths, comparison, warnings, pdf: request.pdf && noPdf === null ? paths.pdf : null };
}

/** The method's first run with figures of the case. */
function shownRun({ scores }: EvaluatedRuns) {
  return ({ runs }: ComparedMethod, caseId: string): string | undefined =>
    runs.find((run) => scores.some((one) => one.run === run && one.caseId === caseId));
}

async function costsOf(workspace: Workspace, methods: readonly ComparedMethod[]): Promise<MethodCosts[]> {
  const costs: MethodCosts[] = [];
  for (const { label, runs } of methods) {
    const own: MethodCosts['runs'][number][] = [];
    for (const run of runs) own.push(await runCost(await requireRun(workspace, run)));
    costs.push({ label, runs: own });
  }
  return costs;
}

async function filmsOf(
  workspace: Workspace,
  methods: readonly ComparedMethod[],
): Promise<ComparisonPage['films']> {
  const films: ComparisonPage['films'][number][] = [];
  for (const { label, runs } of methods) {
    const [first] = runs;
    const frames = first === undefined ? null : await readFilm(await requireRun(workspace, first));
    if (frames) films.push({ label, strip: drawFilm(frames) });
  }
  return films;
}

/** Paths of this machine may name a patient, and a report is passed on. */
function withoutPaths({ directory }: Workspace, failures: readonly CompareFailure[]): CompareFailure[] {
  return failures.map((one) => ({
    ...one,
    message: one.message.replaceAll(directory, workspacePlaceholder),
  }));
}
