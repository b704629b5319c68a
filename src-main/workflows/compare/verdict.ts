/** What a paired difference says of a method against the first: the one judgement behind sentences and tables. */
import type { PairedDifference } from './comparison.ts';
import type { Metric } from './metricTable.ts';

/** p after Holm's correction must be below. */
export const significant = 0.05;

/**
 * `better`, `worse`: by the test, and on average as well. `better-by-ranks`, `worse-by-ranks`: so by the test, but the mean says
 * otherwise, as one case far off can turn it. `unclear`: the test leaves it open. `single`: one case. `equal`: in every case. `apart`: no
 * case in common.
 */
export type Verdict =
  'better' | 'worse' | 'better-by-ranks' | 'worse-by-ranks' | 'unclear' | 'single' | 'equal' | 'apart';

/** The direction is that of the test's rank sums, since p speaks of them and not of the mean. */
export function verdictOf(
  { better }: Pick<Metric, 'better'>,
  { cases, mean, test, correctedP }: PairedDifference,
): Verdict {
  if (cases === 0 || mean === null) return 'apart';
  if (test === null) return 'equal';
  if (cases < 2) return 'single';
  if ((correctedP ?? test.p) >= significant) return 'unclear';
  const good = better === 'higher' ? 1 : -1;
  const byMean = good * mean;
  return good * (test.positive.rankSum - test.negative.rankSum) > 0
    ? byMean > 0
      ? 'better'
      : 'better-by-ranks'
    : byMean < 0
      ? 'worse'
      : 'worse-by-ranks';
}

/** In how many of the cases in common the method is better than the first. */
export function betterCases({ better }: Pick<Metric, 'better'>, { test }: PairedDifference): number {
  return (better === 'higher' ? test?.positive.count : test?.negative.count) ?? 0;
}
