/** What a comparison means, in sentences, with the number of cases and what it allows to say. */
import type { Comparison, MetricComparison, PairedDifference } from './comparison.ts';
import { figure, pValue, signed } from './figures.ts';
import { metrics, type Metric } from './metricTable.ts';

const significant = 0.05;

/** How many cases there are and what that number can and cannot show. */
export function describeNumber(comparison: Comparison): string {
  const cases = comparison.cases.length;
  const noun = cases === 1 ? 'case' : 'cases';
  if (comparison.methods.length < 2) return `${cases} test ${noun}; one run alone is compared with nothing.`;
  const smallest = 2 / 2 ** cases;
  if (cases < 2) return `${cases} test ${noun}: no test is possible, and nothing is known of the spread.`;
  if (smallest > significant)
    return `${cases} test ${noun}: too few for any test, whose p cannot fall below ${figure(smallest, 3)} here. Read the differences as examples.`;
  if (cases < 20)
    return `${cases} test ${noun}: few. Only large and steady differences can show; that none shows does not mean that there is none, and intervals are rather too narrow.`;
  return `${cases} test ${noun}.`;
}

/** One sentence for each main metric: which methods differ from the first for better or worse, and which may not. */
export function describeDifferences(comparison: Comparison): string[] {
  return comparison.metrics.flatMap((row) => {
    const metric = metrics.find(({ id }) => id === row.metricId);
    return metric?.isMain && row.differences.length > 0 ? [sentence(metric, row)] : [];
  });
}

type Verdict = 'better' | 'worse' | 'unclear' | 'single' | 'equal' | 'apart';

const verdicts: readonly (readonly [Verdict, string])[] = [
  ['better', 'better'],
  ['worse', 'worse'],
  ['unclear', 'different on average, which may be chance:'],
  ['single', 'in the one case'],
  ['equal', 'equal in every case:'],
  ['apart', 'no case in common:'],
];

function sentence(metric: Metric, row: MetricComparison): string {
  const [first] = row.methods;
  const unit = metric.unit ? ` ${metric.unit}` : '';
  const what = `${metric.name}${metric.where ? `, ${metric.where}` : ''}`;
  const groups = verdicts.flatMap(([verdict, words]) => {
    const own = row.differences.filter((one) => verdictOf(metric, one) === verdict);
    return own.length === 0 ? [] : [`${words} ${own.map((one) => differenceText(metric, one)).join(', ')}`];
  });
  return `${what} (${first?.label ?? ''} ${figure(first?.mean, metric.digits)}${unit}): ${groups.join('; ')}.`;
}

function verdictOf({ better }: Metric, { cases, mean, test, correctedP }: PairedDifference): Verdict {
  if (cases === 0 || mean === null) return 'apart';
  if (test === null) return 'equal';
  if (cases < 2) return 'single';
  if ((correctedP ?? test.p) >= significant) return 'unclear';
  return (better === 'higher') === mean > 0 ? 'better' : 'worse';
}

/** `meta −4.5 (−6.0 to −3.0, p 0.008)`, p after correction. */
function differenceText(
  { digits }: Metric,
  { label, cases, mean, interval, test, correctedP }: PairedDifference,
): string {
  if (test === null) return label;
  if (cases < 2) return `${label} ${signed(mean, digits)}`;
  const range = interval ? `${signed(interval[0], digits)} to ${signed(interval[1], digits)}, ` : '';
  return `${label} ${signed(mean, digits)} (${range}p ${pValue(correctedP)})`;
}
