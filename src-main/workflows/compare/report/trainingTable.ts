/** How far the means of a method's runs lie apart: what a difference between methods has to be held against. */
import type { Comparison } from '../comparison.ts';
import { figure } from '../figures.ts';
import { table, type Cell } from './html.ts';
import { numberCell, rowHead, tableRows } from './tableRows.ts';

/** Standard deviation between the runs of each method, main measures; empty where no method has two runs on the same cases. */
export function trainingTable(comparison: Comparison): string {
  const rows = tableRows(comparison).filter(
    ({ metric, scores }) => metric.isMain && scores.methods.some(({ trainings }) => trainings.sd !== null),
  );
  if (rows.length === 0) return '';
  return table(
    'Between seeds: standard deviation of the means of a method’s runs, over the cases that all of them have. A difference between methods of this size may be the seed’s.',
    [
      { text: 'Measure' },
      ...comparison.methods.map(({ label }, at) => {
        const runs = Math.max(...rows.map(({ scores }) => scores.methods[at]?.trainings.perCase ?? 0));
        return numberCell(label, [runs === 1 ? '1 run' : `${runs} runs`]);
      }),
    ],
    rows.map(({ metric, scores }): Cell[] => [
      rowHead(metric),
      ...scores.methods.map(({ trainings: { sd, cases } }) =>
        numberCell(
          figure(sd, metric.digits + 1),
          sd !== null && cases < comparison.cases.length
            ? [`${cases} of ${comparison.cases.length} cases`]
            : [],
        ),
      ),
    ]),
  );
}
