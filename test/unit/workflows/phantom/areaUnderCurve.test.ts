import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { areaUnderCurve } from '../../../../src-main/workflows/phantom/areaUnderCurve.ts';

/** The definition, pair by pair. */
function pairwise(higher: readonly number[], lower: readonly number[]): number {
  let sum = 0;
  for (const a of higher) for (const b of lower) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (higher.length * lower.length);
}

describe('areaUnderCurve', () => {
  it('is 1 when the groups part, 0 when they part the other way', () => {
    expect(areaUnderCurve(Float32Array.of(3, 4), Float32Array.of(1, 2))).toBe(1);
    expect(areaUnderCurve(Float32Array.of(1, 2), Float32Array.of(3, 4))).toBe(0);
  });

  it('counts ties half', () => {
    expect(areaUnderCurve(Float32Array.of(1, 1, 1), Float32Array.of(1, 1))).toBe(0.5);
    expect(areaUnderCurve(Float32Array.of(1, 2), Float32Array.of(1, 1, 2, 3))).toBe(
      pairwise([1, 2], [1, 1, 2, 3]),
    );
  });

  it('equals the count over all pairs, with many ties', () => {
    const random = createRandom(11);
    for (let round = 0; round < 50; round++) {
      const draw = (n: number): number[] => Array.from({ length: n }, () => random.integer(6));
      const [a, b] = [draw(1 + random.integer(20)), draw(1 + random.integer(20))];
      expect(areaUnderCurve(Float32Array.from(a), Float32Array.from(b))).toBeCloseTo(pairwise(a, b), 12);
    }
  });

  it('is null without both groups, and leaves its inputs as they are', () => {
    expect(areaUnderCurve(new Float32Array(0), Float32Array.of(1))).toBeNull();
    expect(areaUnderCurve(Float32Array.of(1), new Float32Array(0))).toBeNull();
    const values = Float32Array.of(3, 1, 2);
    areaUnderCurve(values, values);
    expect([...values]).toEqual([3, 1, 2]);
  });
});
