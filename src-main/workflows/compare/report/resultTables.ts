/** The comparison's figures as tables: means, worst cases, every case. */
import type { Comparison, MethodScores } from '../comparison.ts';
import { figure } from '../figures.ts';
import { metrics, metricTitle, type Metric } from '../metricTable.ts';
import { table, type Cell } from './html.ts';
import { directions, numberCell, rowHead, tableRows } from './tableRows.ts';

/** Mean ± SD over cases of every metric and method; `notInstalled` are metrics whose networks are missing. */
export function meanTable(comparison: Comparison, notInstalled: readonly string[]): string {
  const rows = tableRows(comparison).map(({ metric, scores }): Cell[] => {
    const best = bestColumn(metric, scores.methods);
    return [
      rowHead(metric, directions[metric.better]),
      ...scores.methods.map(({ mean, sd, n, incomplete }, at): Cell => ({
        ...numberCell(`${figure(mean, metric.digits)} ± ${figure(sd, metric.digits)}`, [
          ...(n < comparison.cases.length ? [`${n} of ${comparison.cases.length} cases`] : []),
          ...(incomplete.length > 0 ? [`${incomplete.length} with no value in some runs`] : []),
        ]),
        isBest: at === best,
      })),
    ];
  });
  const headOf = (name: string): Cell => {
    const metric = metrics.find((one) => one.name === name);
    return metric ? rowHead(metric, directions[metric.better]) : { text: name };
  };
  const missing = notInstalled.map((name): Cell[] => [
    headOf(name),
    ...comparison.methods.map(() => numberCell('not installed')),
  ]);
  return table(
    'Mean ± standard deviation over the test cases; the best mean of a row is bold where all methods have the same cases, which alone says nothing of chance.',
    [{ text: 'Measure' }, ...comparison.methods.map(({ label }) => numberCell(label))],
    [...rows, ...missing],
  );
}

/** −1 for none: also where a method lacks cases that others have, as its mean may be good for the want of the bad ones. */
function bestColumn({ better }: Metric, methods: readonly MethodScores[]): number {
  const casesOf = ({ byCase }: MethodScores): string => JSON.stringify(Object.keys(byCase).sort());
  if (new Set(methods.map(casesOf)).size > 1) return -1;
  const cost = ({ mean }: MethodScores): number => {
    if (mean === null) return Infinity;
    return better === 'higher' ? -mean : better === 'zero' ? Math.abs(mean) : mean;
  };
  const costs = methods.map(cost);
  const least = Math.min(...costs);
  return costs.filter((one) => one === least).length === 1 ? costs.indexOf(least) : -1;
}

const worstCases = 3;

/** The cases each method is worst at, by bone and by the mean error. */
export function worstTable(comparison: Comparison): string {
  const shown = tableRows(comparison).filter(({ metric }) => ['dice-250', 'mae'].includes(metric.id));
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
  return tableRows(comparison)
    .filter(({ metric }) => metric.isMain)
    .map(({ metric, scores }) =>
      table(
        metricTitle(metric),
        [{ text: 'Case' }, ...scores.methods.map(({ label }) => numberCell(label))],
        comparison.cases.map((caseId) => [
          { text: caseId },
          ...scores.methods.map(({ byCase }) => numberCell(figure(byCase[caseId], metric.digits))),
        ]),
      ),
    )
    .join('');
}
