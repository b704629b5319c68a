import { expect } from 'vitest';
import { largestDifference } from '../../fixtures/largestDifference.ts';

/** Expects two arrays to be no further apart than `tolerance`, relative to max(1, largest expected magnitude). */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  expect(largestDifference(actual, expected), what).toBeLessThanOrEqual(tolerance);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < a.length; at++) total += a[at]! * b[at]!;
  return total;
}
