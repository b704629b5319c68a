import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src-main/shared/random.ts';
import { bootstrapMean } from '../../../../../src-main/workflows/compare/statistics/bootstrap.ts';
import { holm } from '../../../../../src-main/workflows/compare/statistics/holm.ts';
import { meanAndSd } from '../../../../../src-main/workflows/compare/statistics/meanAndSd.ts';
import { normalTail } from '../../../../../src-main/workflows/compare/statistics/normalTail.ts';
import {
  wilcoxon,
  type WilcoxonResult,
} from '../../../../../src-main/workflows/compare/statistics/wilcoxon.ts';

describe('meanAndSd', () => {
  it('divides by n − 1', () => {
    expect(meanAndSd([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) });
  });

  it('says null where there is nothing to say', () => {
    expect(meanAndSd([])).toEqual({ n: 0, mean: null, sd: null });
    expect(meanAndSd([3])).toEqual({ n: 1, mean: 3, sd: null });
  });
});

describe('normalTail', () => {
  // scipy 1.17.1, scipy.stats.norm.sf
  it.each([
    [0, 0.5],
    [1.96, 0.024997895148220435],
    [2.8, 0.002555130330427936],
    [2.9, 0.0018658133003840378],
    [5, 2.866515718791939e-7],
    [10, 7.61985302416047e-24],
    [-1, 0.8413447460685429],
  ])('of %f equals that of scipy', (z, expected) => {
    expect(Math.abs(normalTail(z) / expected - 1)).toBeLessThan(1e-12);
  });
});

describe('wilcoxon', () => {
  const statistic = ({ positive, negative }: WilcoxonResult): number =>
    Math.min(positive.rankSum, negative.rankSum);

  // scipy 1.17.1, scipy.stats.wilcoxon(…), method auto
  it('is exact for few differences', () => {
    expect(wilcoxon([1, 2, 3, -4, 5, 6, 7, 8, -9, 10])).toEqual({
      n: 10,
      zeros: 0,
      positive: { count: 8, rankSum: 42 },
      negative: { count: 2, rankSum: 13 },
      p: 0.16015625,
      method: 'exact',
    });
  });

  it('stays exact with ties and drops zeros', () => {
    expect(wilcoxon([1, 1, 2, -2, 3, 0, 4])).toMatchObject({
      n: 6,
      zeros: 1,
      positive: { count: 5, rankSum: 17.5 },
      negative: { count: 1, rankSum: 3.5 },
      p: 0.1875,
    });
  });

  it('reaches no smaller p than the number of pairs allows', () => {
    expect(wilcoxon([1, 2, 3, 4, 5])?.p).toBe(2 / 32);
  });

  it('does not depend on which run comes first', () => {
    const differences = [0.3, -1.2, 2.2, 0.7, -0.1, 4];
    const { positive, negative, ...same } = wilcoxon(differences)!;
    expect(wilcoxon(differences.map((value) => -value))).toEqual({
      ...same,
      positive: negative,
      negative: positive,
    });
  });

  it('approximates beyond fifty differences', () => {
    const result = wilcoxon(Array.from({ length: 60 }, (_, i) => Math.sin(i * i) + 0.2))!;
    expect([statistic(result), result.method]).toEqual([671, 'normal']);
    expect(result.p).toBeCloseTo(0.07245776535607991, 12);
  });

  it('has nothing to say of runs that are equal everywhere', () => {
    expect(wilcoxon([0, 0, 0])).toBeNull();
  });
});

describe('holm', () => {
  // By hand: 4 · 0.005, 3 · 0.01, 2 · 0.03, then 0.04, which must not fall below the one before.
  it('steps down from the smallest', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, at) => expect(corrected[at]).toBeCloseTo(p, 12));
  });

  it('never exceeds 1 and leaves out what was not tested', () => {
    expect(holm([0.9, null, 0.8])).toEqual([1, null, 1]);
    expect(holm([null, 0.04])).toEqual([null, 0.04]);
  });
});

describe('bootstrapMean', () => {
  const random = createRandom(3);
  const values = Array.from({ length: 30 }, () => 2 + random.normal());

  it('is the same for the same seed', () => {
    expect(bootstrapMean(values)).toEqual(bootstrapMean(values));
    expect(bootstrapMean(values, { seed: 1 })).not.toEqual(bootstrapMean(values, { seed: 2 }));
  });

  it('lies about the mean as far as the standard error says', () => {
    const { mean, sd } = meanAndSd(values);
    const [low, high] = bootstrapMean(values)!;
    const error = sd! / Math.sqrt(values.length);
    expect(low).toBeCloseTo(mean! - 1.96 * error, 1);
    expect(high).toBeCloseTo(mean! + 1.96 * error, 1);
  });

  it('does not exist for a single case', () => {
    expect(bootstrapMean([1])).toBeNull();
  });
});
