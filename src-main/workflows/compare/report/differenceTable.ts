/** Every other method against the first: two lines for each difference, and a word where it is one. */
import type { Comparison, PairedDifference } from '../comparison.ts';
import { pValue, signed } from '../figures.ts';
import type { Metric } from '../metricTable.ts';
import { bootstrapDefaults } from '../statistics/bootstrap.ts';
import { betterCases, significant, verdictOf, type Verdict } from '../verdict.ts';
import { table, type Cell } from './html.ts';
import { numberCell, rowHead, tableRows } from './tableRows.ts';

/** The word before the number; colour says it a second time. */
const marks: Partial<Record<Verdict, Pick<Cell, 'tone'> & { readonly word: string }>> = {
  better: { word: 'better', tone: 'good' },
  worse: { word: 'worse', tone: 'bad' },
  'better-by-ranks': { word: 'mixed' },
  'worse-by-ranks': { word: 'mixed' },
};

/** Mean difference, interval and corrected p; empty for one method. */
export function differenceTable(comparison: Comparison): string {
  const [first, ...others] = comparison.methods;
  if (!first || others.length === 0) return '';
  const all = comparison.cases.length;
  return table(
    `Difference from ${first.label}, case by case (of mean errors: in their distance from 0): mean, and below it the ${bootstrapDefaults.coverage} % bootstrap interval and p of the signed-rank test after Holm’s correction (before it: comparison.json). Better, worse: p below ${significant}. Mixed: p as well, but ranks and mean point to different sides. Of ${all} ${all === 1 ? 'case' : 'cases'} unless said otherwise.`,
    [{ text: 'Measure' }, ...others.map(({ label }) => numberCell(label))],
    tableRows(comparison).map(({ metric, scores }) => [
      rowHead(metric),
      ...others.map(({ label }) => {
        const one = scores.differences.find((difference) => difference.label === label);
        return one ? cell(metric, one, all) : numberCell('–');
      }),
    ]),
  );
}

function cell(metric: Metric, difference: PairedDifference, all: number): Cell {
  const { cases, mean, interval, correctedP } = difference;
  const verdict = verdictOf(metric, difference);
  if (verdict === 'apart') return numberCell('–', ['no case with both']);
  const few = cases < all ? [`${cases} of ${all} cases`] : [];
  if (verdict === 'equal') return numberCell('equal', few);
  const range = interval
    ? `${signed(interval[0], metric.digits)}…${signed(interval[1], metric.digits)}, p ${pValue(correctedP)}`
    : 'one case';
  const mark = marks[verdict];
  const mixed = mark?.word === 'mixed' ? [`better in ${betterCases(metric, difference)} of ${cases}`] : [];
  const value = signed(mean, metric.digits);
  return {
    ...numberCell(mark ? `${mark.word} ${value}` : value, [range, ...mixed, ...few]),
    isBest: mark !== undefined,
    ...(mark?.tone ? { tone: mark.tone } : {}),
  };
}
