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

/** One sentence for each method but the first and each main metric. */
export function describeDifferences(comparison: Comparison): string[] {
  const first = comparison.methods[0]?.label ?? '';
  return comparison.metrics.flatMap((row) => {
    const metric = metrics.find(({ id }) => id === row.metricId);
    return metric?.isMain ? row.differences.map((one) => sentence(metric, row, one, first)) : [];
  });
}

function sentence(metric: Metric, row: MetricComparison, one: PairedDifference, first: string): string {
  const what = `${metric.name}${metric.where ? `, ${metric.where}` : ''}`;
  const own = row.methods.find(({ label }) => label === one.label)?.mean ?? null;
  const reference = row.methods[0]?.mean ?? null;
  if (one.mean === null || one.cases === 0)
    return `${what}: ${one.label} and ${first} have no case in common.`;
  const unit = metric.unit ? ` ${metric.unit}` : '';
  const figures = `${figure(own, metric.digits)} against ${figure(reference, metric.digits)}${unit} (${signed(one.mean, metric.digits)}${interval(one, metric.digits)})`;
  if (one.test === null) return `${what}: ${one.label} and ${first} are equal in every case.`;
  const verdict = (metric.better === 'higher') === one.mean > 0 ? 'better' : 'worse';
  const p = one.correctedP ?? one.test.p;
  const strength =
    p < significant
      ? `${verdict}, and the test agrees (p ${pValue(p)} after Holm)`
      : `${verdict} on average, which may be chance (p ${pValue(p)} after Holm)`;
  return `${what}: ${one.label} is ${strength}: ${figures}.`;
}

function interval({ interval: range }: PairedDifference, digits: number): string {
  return range ? `, 95 % interval ${signed(range[0], digits)} to ${signed(range[1], digits)}` : '';
}
