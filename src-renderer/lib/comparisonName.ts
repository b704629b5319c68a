import type { ComparisonSummary } from '../../src-main/api/contract/comparison.ts';

/** A comparison for people: its experiment's title, else what was compared. */
export function comparisonName({ origin, title, methods }: ComparisonSummary): string {
  return origin === 'experiment' ? title : methods.map(({ label }) => label).join(' · ');
}
