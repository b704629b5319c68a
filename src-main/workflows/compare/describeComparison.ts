/** What a comparison means, in sentences, with the number of cases and what it allows to say. */
import type { Comparison, MetricComparison, PairedDifference } from './comparison.ts';
import { figure, pValue, signed } from './figures.ts';
import { metricsThrough, type Metric } from './metricTable.ts';
import { betterCases, significant, verdictOf, type Verdict } from './verdict.ts';

/** How many cases there are and what that number can and cannot show. */
export function describeNumber(comparison: Comparison): string {
  const cases = comparison.cases.length;
  const noun = cases === 1 ? 'case' : 'cases';
  if (comparison.methods.length < 2) return `${cases} test ${noun}; one run alone is compared with nothing.`;
  if (cases < 2) return `${cases} test ${noun}: no test is possible, and nothing is known of the spread.`;
  // Every case points one way, and Holm's correction takes the surest method times all of them.
  const others = comparison.methods.length - 1;
  const smallest = Math.min(1, (others * 2) / 2 ** cases);
  if (smallest >= significant) {
    const corrected = others > 1 ? ` after Holm’s correction over ${others} methods` : '';
    return `${cases} test ${noun}: too few for any test, whose p cannot fall below ${figure(smallest, 3)} here${corrected}, not even for the surest method. Read the differences as examples.`;
  }
  if (cases < 20)
    return `${cases} test ${noun}: few. Only large and steady differences can show; that none shows does not mean that there is none, and intervals are rather too narrow.`;
  return `${cases} test ${noun}.`;
}

/** What p and intervals do not know: how another training would have come out. Empty where there are none. */
export function describeTrainings({ methods, cases, metrics: rows }: Comparison): string {
  const counts = methods.map((_, at) =>
    Math.max(1, ...rows.map((row) => row.methods[at]?.trainings.perCase ?? 1)),
  );
  if (methods.length < 2 || cases.length < 2) return '';
  const [count = 1] = counts;
  if (counts.every((one) => one === 1))
    return 'One training of each method: p and intervals are over the cases, given these trainings, and say nothing of another seed.';
  const each = counts.every((one) => one === count)
    ? `${count} of each method`
    : methods.map(({ label }, at) => `${label} ${counts[at] ?? 1}`).join(', ');
  const single = counts.includes(1)
    ? ', and of a method with one training nothing is known of another seed'
    : '';
  return `p and intervals are over the cases, given these trainings (${each}): they are not widened by what differs between seeds${single}.`;
}

/** One sentence for each main metric: which methods differ from the first for better or worse, and which may not. */
export function describeDifferences(comparison: Comparison): string[] {
  return comparison.metrics.flatMap((row) => {
    const metric = metricsThrough(comparison.unpublished).find(({ id }) => id === row.metricId);
    return metric?.isMain && row.differences.length > 0 ? [sentence(comparison, metric, row)] : [];
  });
}

const verdictWords: readonly (readonly [Verdict, string])[] = [
  ['better', 'better'],
  ['worse', 'worse'],
  ['better-by-ranks', 'better by the ranks of the cases, worse on average:'],
  ['worse-by-ranks', 'worse by the ranks of the cases, better on average:'],
  ['unclear', 'different on average, which may be chance:'],
  ['single', 'in the one case'],
  ['equal', 'equal in every case:'],
  ['apart', 'no case where both have a value:'],
];

function sentence(comparison: Comparison, metric: Metric, row: MetricComparison): string {
  const [first] = row.methods;
  const all = comparison.cases.length;
  const what = `${metric.name}${metric.where ? `, ${metric.where}` : ''}`;
  const groups = verdictWords.flatMap(([verdict, words]) => {
    const own = row.differences.filter((one) => verdictOf(metric, one) === verdict);
    return own.length === 0
      ? []
      : [`${words} ${own.map((one) => differenceText(metric, one, all)).join(', ')}`];
  });
  const reference = [
    `${first?.label ?? ''} ${figure(first?.mean, metric.digits)}`,
    ...(metric.unit ? [metric.unit] : []),
    ...ofCases(first?.n ?? 0, all),
  ];
  return `${what} (${reference.join(' ')}): ${groups.join('; ')}.`;
}

/** `meta −4.5 (−6.0 to −3.0, p 0.008)`, p after correction. */
function differenceText(metric: Metric, difference: PairedDifference, all: number): string {
  const { label, cases, mean, interval, correctedP } = difference;
  const few = ofCases(cases, all);
  const verdict = verdictOf(metric, difference);
  if (verdict === 'apart') return label;
  if (verdict === 'equal') return [label, ...few].join(' ');
  const value = `${label} ${signed(mean, metric.digits)}`;
  if (verdict === 'single') return [value, ...few].join(' ');
  const details = [
    ...(interval ? [`${signed(interval[0], metric.digits)} to ${signed(interval[1], metric.digits)}`] : []),
    `p ${pValue(correctedP)}`,
    ...(verdict.endsWith('by-ranks')
      ? [`better in ${betterCases(metric, difference)} of ${cases} cases`]
      : []),
    ...few,
  ];
  return `${value} (${details.join(', ')})`;
}

/** Said only where cases are missing: the figure is not of the same cases as others. */
const ofCases = (n: number, all: number): string[] => (n < all ? [`in ${n} of ${all} cases`] : []);
