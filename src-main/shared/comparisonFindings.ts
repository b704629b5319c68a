/** What one should know of runs before their figures are believed: the same facts for the window, the report and the terminal. */
import type { Finding } from './finding.ts';

/** What is known of one run without evaluating it. */
export interface RunFacts {
  readonly run: string;
  readonly status: 'running' | 'stopped' | 'finished' | 'broken';
  readonly step: number;
  readonly totalSteps: number;
  /** Ids of the cases it was trained on and judged by. */
  readonly seen: { readonly train: readonly string[]; readonly meta: readonly string[] };
  /** Ids of the cases whose pixels are in its losses. */
  readonly trainedOn: readonly string[];
}

/** A run and the ids of the cases it is evaluated on. */
export interface EvaluatedRun extends RunFacts {
  readonly evaluatedOn: readonly string[];
}

/** Of `cases` those that the run was trained on or judged by. */
export function seenCases({ seen }: Pick<RunFacts, 'seen'>, cases: readonly string[]): string[] {
  return cases.filter((caseId) => seen.train.includes(caseId) || seen.meta.includes(caseId));
}

/**
 * Findings about the runs of each method; the first method is what the others are compared with. A run has other data when no run of the
 * first was trained on the same cases: with folds every run has its counterpart. Broken runs fail by themselves.
 */
export function comparisonFindings(methods: readonly (readonly EvaluatedRun[])[]): Finding[] {
  const [first = [], ...others] = methods.map((runs) => runs.filter(({ status }) => status !== 'broken'));
  const runs = [first, ...others].flat();
  const trained = ({ trainedOn }: RunFacts): string => trainedOn.toSorted().join(' ');
  const references = new Set(first.map(trained));
  const reference = first[0]?.run;
  return [
    ...runs.flatMap((one): Finding[] => {
      const seen = seenCases(one, one.evaluatedOn);
      const details = { run: one.run, count: seen.length, all: one.evaluatedOn.length, cases: seen.join(', ') };
      return seen.length > 0 ? [warning('compare-case-seen', details)] : [];
    }),
    ...others
      .flat()
      .flatMap((one): Finding[] =>
        reference === undefined || references.has(trained(one))
          ? []
          : [warning('compare-other-data', { run: one.run, first: reference })],
      ),
    ...runs.flatMap(({ run, status, step, totalSteps }): Finding[] =>
      status === 'finished' ? [] : [warning('compare-unfinished', { run, step, total: totalSteps })],
    ),
  ];
}

function warning(code: string, details: Finding['details'] & { readonly run: string }): Finding {
  return { code, severity: 'warning', subject: details.run, details };
}
