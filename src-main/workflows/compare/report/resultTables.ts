/** The comparison's figures as tables: means, paired differences, worst cases, every case. */
import type { Comparison, MethodScores, MetricComparison, PairedDifference } from '../comparison.ts';
import { figure, pValue, signed } from '../figures.ts';
import { metrics, metricTitle, type Metric } from '../metricTable.ts';
import { bootstrapDefaults } from '../statistics/bootstrap.ts';
import { table, type Cell } from './html.ts';

interface Row {
  readonly metric: Metric;
  readonly scores: MetricComparison;
}

function rowsOf(comparison: Comparison): Row[] {
  return metrics.flatMap((metric) => {
    const scores = comparison.metrics.find(({ metricId }) => metricId === metric.id);
    return scores ? [{ metric, scores }] : [];
  });
}

const number = (text: string, notes: readonly string[] = []): Cell => ({ text, isNumber: true, notes });

const directions = { higher: 'higher is better', lower: 'lower is better', zero: '0 is best' } as const;

/** Mean ± SD over cases of every metric and method; `notInstalled` are metrics whose networks are missing. */
export function meanTable(comparison: Comparison, notInstalled: readonly string[]): string {
  const rows = rowsOf(comparison).map(({ metric, scores }): Cell[] => {
    const best = bestColumn(metric, scores.methods);
    return [
      { text: metricTitle(metric), notes: [directions[metric.better]] },
      ...scores.methods.map(({ mean, sd, n }, at): Cell => ({
        ...number(
          `${figure(mean, metric.digits)} ± ${figure(sd, metric.digits)}`,
          n < comparison.cases.length ? [`${n} of ${comparison.cases.length} cases`] : [],
        ),
        isBest: at === best,
      })),
    ];
  });
  const missing = notInstalled.map((name): Cell[] => [
    { text: name },
    ...comparison.methods.map(() => number('not installed')),
  ]);
  return table(
    'Mean ± standard deviation over the test cases; the best mean of each row is bold, which alone says nothing of chance.',
    [{ text: 'Measure' }, ...comparison.methods.map(({ label }) => number(label))],
    [...rows, ...missing],
  );
}

function bestColumn({ better }: Metric, methods: readonly MethodScores[]): number {
  const cost = ({ mean }: MethodScores): number => {
    if (mean === null) return Infinity;
    return better === 'higher' ? -mean : better === 'zero' ? Math.abs(mean) : mean;
  };
  const costs = methods.map(cost);
  const least = Math.min(...costs);
  return costs.filter((one) => one === least).length === 1 ? costs.indexOf(least) : -1;
}

/** Every other method against the first: mean difference, interval, p and corrected p. */
export function differenceTable(comparison: Comparison): string {
  const [first, ...others] = comparison.methods;
  if (!first || others.length === 0) return '';
  const cell = (metric: Metric, one: PairedDifference | undefined): Cell => {
    if (!one || one.mean === null) return number('–');
    const { interval, test } = one;
    const range = interval
      ? `${signed(interval[0], metric.digits)} … ${signed(interval[1], metric.digits)}`
      : 'one case';
    const p = test ? [`p ${pValue(test.p)}`, `Holm ${pValue(one.correctedP)}`] : ['equal everywhere'];
    const few = one.cases < comparison.cases.length ? [`n ${one.cases}`] : [];
    return {
      ...number(signed(one.mean, metric.digits), [range, ...p, ...few]),
      isBest: (one.correctedP ?? 1) < 0.05,
    };
  };
  return table(
    `Difference from ${first.label}, case by case: mean, ${bootstrapDefaults.coverage} % bootstrap interval, p of the signed-rank test, p after Holm’s correction; n ${comparison.cases.length} cases unless said otherwise. Bold: p after correction below 0.05.`,
    [{ text: 'Measure' }, ...others.map(({ label }) => number(label))],
    rowsOf(comparison).map(({ metric, scores }) => [
      {
        text: metricTitle(metric),
        notes: [metric.better === 'zero' ? 'of the distance from 0' : directions[metric.better]],
      },
      ...others.map(({ label }) =>
        cell(
          metric,
          scores.differences.find((one) => one.label === label),
        ),
      ),
    ]),
  );
}

const worstCases = 3;

/** The cases each method is worst at, by bone and by the mean error. */
export function worstTable(comparison: Comparison): string {
  const shown = rowsOf(comparison).filter(({ metric }) => ['dice-250', 'mae'].includes(metric.id));
  return shown
    .map(({ metric, scores }) =>
      table(
        `Worst cases by ${metricTitle(metric)}`,
        [
          { text: 'Method' },
          ...Array.from({ length: Math.min(worstCases, comparison.cases.length) }, (_, at) => ({
            text: String(at + 1),
          })),
        ],
        scores.methods.map(({ label, byCase }) => {
          const worst = Object.entries(byCase)
            .sort(([, a], [, b]) => (metric.better === 'higher' ? a - b : b - a))
            .slice(0, worstCases);
          return [
            { text: label },
            ...worst.map(([caseId, value]) => ({ text: caseId, notes: [figure(value, metric.digits)] })),
          ];
        }),
      ),
    )
    .join('');
}

/** One table for each main metric: cases down, methods across. */
export function caseTables(comparison: Comparison): string {
  return rowsOf(comparison)
    .filter(({ metric }) => metric.isMain)
    .map(({ metric, scores }) =>
      table(
        metricTitle(metric),
        [{ text: 'Case' }, ...scores.methods.map(({ label }) => number(label))],
        comparison.cases.map((caseId) => [
          { text: caseId },
          ...scores.methods.map(({ byCase }) => number(figure(byCase[caseId], metric.digits))),
        ]),
      ),
    )
    .join('');
}
