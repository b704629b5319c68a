/**
 * Wilcoxon's signed-rank test of paired differences, two-sided (F. Wilcoxon, Biometrics Bulletin 1, 1945).
 *
 * Zeros are dropped (Wilcoxon's own rule), ties share their mean rank. Up to 50 differences p is exact, also with ties: the distribution of
 * the rank sum over all 2ⁿ choices of signs, counted by dynamic programming over doubled ranks, which are whole numbers. Beyond, the normal
 * approximation with the variance corrected for ties, without continuity correction. Without ties this is what scipy's `wilcoxon` gives
 * with `method='auto'`; where ties make scipy approximate, this stays exact.
 */
import { normalTail } from './normalTail.ts';

/** The differences of one sign. */
export interface SignedRanks {
  readonly count: number;
  readonly rankSum: number;
}

export interface WilcoxonResult {
  /** Differences other than 0. */
  readonly n: number;
  readonly zeros: number;
  /** The test's direction is that of the larger rank sum; the smaller one is the test's statistic. */
  readonly positive: SignedRanks;
  readonly negative: SignedRanks;
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

const largestExact = 50;

/** The test; null when no difference is other than 0. */
export function wilcoxon(differences: readonly number[]): WilcoxonResult | null {
  const kept = differences.filter((value) => value !== 0);
  const n = kept.length;
  if (n === 0) return null;
  const { doubled, tieSizes } = rank(kept.map(Math.abs));
  const ranksOf = (sign: number): SignedRanks => {
    const own = doubled.filter((_, at) => Math.sign(kept[at] ?? 0) === sign);
    return { count: own.length, rankSum: own.reduce((sum, rank2) => sum + rank2, 0) / 2 };
  };
  const [positive, negative] = [ranksOf(1), ranksOf(-1)];
  const statistic = Math.min(positive.rankSum, negative.rankSum);
  const isExact = n <= largestExact;
  const p = isExact ? exactP(doubled, 2 * statistic) : normalP(n, statistic, tieSizes);
  return {
    n,
    zeros: differences.length - n,
    positive,
    negative,
    p,
    method: isExact ? 'exact' : 'normal',
  };
}

/** Twice the mean rank of every value, and how many values share each rank. */
function rank(values: readonly number[]): { doubled: number[]; tieSizes: number[] } {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const doubled = values.map(() => 0);
  const tieSizes: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (const at of order.slice(start, end)) doubled[at] = start + 1 + end;
    tieSizes.push(end - start);
    start = end;
  }
  return { doubled, tieSizes };
}

/** 2 · P(rank sum ≤ smaller) when every sign is as likely as the other; at most 1. */
function exactP(doubled: readonly number[], smaller: number): number {
  const total = doubled.reduce((sum, value) => sum + value, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const rank2 of doubled) {
    for (let sum = total; sum >= 0; sum--) {
      const without = probability[sum] ?? 0;
      const withIt = sum >= rank2 ? (probability[sum - rank2] ?? 0) : 0;
      probability[sum] = (without + withIt) / 2;
    }
  }
  let below = 0;
  for (let sum = 0; sum <= smaller; sum++) below += probability[sum] ?? 0;
  return Math.min(1, 2 * below);
}

function normalP(n: number, statistic: number, tieSizes: readonly number[]): number {
  const ties = tieSizes.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  const z = (statistic - (n * (n + 1)) / 4) / Math.sqrt(variance);
  return Math.min(1, 2 * normalTail(Math.abs(z)));
}
