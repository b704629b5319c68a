/** The cases worth a look: one in the middle, and the worst. */
import type { Comparison } from './comparison.ts';

export interface PictureCase {
  readonly caseId: string;
  readonly reason: string;
}

/** By bone overlap, else by the mean error, averaged over the methods; a single case is the worst and the middle at once. */
export function choosePictureCases({ metrics, cases }: Comparison): PictureCase[] {
  const byDice = metrics.find(({ metricId }) => metricId === 'dice-250');
  const row = byDice ?? metrics.find(({ metricId }) => metricId === 'mae');
  const quality = (caseId: string): number | null => {
    const values = row?.methods.flatMap(({ byCase }) => byCase[caseId] ?? []) ?? [];
    if (values.length === 0) return null;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return byDice ? mean : -mean;
  };
  const ranked = cases
    .flatMap((caseId) => {
      const value = quality(caseId);
      return value === null ? [] : [{ caseId, value }];
    })
    .sort((a, b) => a.value - b.value);
  const what = byDice ? 'bone overlap' : 'mean absolute error';
  const [worst] = ranked;
  const middle = ranked[Math.floor(ranked.length / 2)];
  if (!worst || !middle) return [];
  if (worst === middle) return [{ caseId: worst.caseId, reason: `The worst case by ${what}.` }];
  return [
    { caseId: middle.caseId, reason: `The case in the middle by ${what}.` },
    { caseId: worst.caseId, reason: `The worst case by ${what}.` },
  ];
}
