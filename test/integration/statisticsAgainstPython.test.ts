/** The statistics of a comparison against scipy, on samples with and without ties and zeros. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src-main/shared/random.ts';
import { bootstrapMean } from '../../src-main/workflows/compare/statistics/bootstrap.ts';
import { wilcoxon } from '../../src-main/workflows/compare/statistics/wilcoxon.ts';
import { findPython, runPython } from '../fixtures/python.ts';

const modules = ['numpy', 'scipy'];
const hasPython = findPython(modules) !== null;

const random = createRandom(7);
const sample = (n: number, shift: number): number[] =>
  Array.from({ length: n }, () => shift + random.normal());
const rounded = (n: number): number[] => sample(n, 0.4).map((value) => Math.round(2 * value));
/** Without ties, below and above the limit of the exact test; with ties and zeros, few enough to enumerate, or above the limit. */
const samples = [sample(4, 1), sample(9, 0.5), sample(21, 0.3), sample(50, 0.2), sample(51, 0.2), sample(200, 0.1), rounded(8), rounded(13), rounded(80)]; // prettier-ignore

const reference = `
import sys, json, itertools, numpy as np
from scipy.stats import wilcoxon, rankdata, bootstrap
def p(d):
    d = np.array(d, float); d = d[d != 0]
    tied = len(np.unique(np.abs(d))) < len(d)
    if not tied or len(d) > 50: return float(wilcoxon(d).pvalue)
    r = rankdata(np.abs(d)); t = min(r[d > 0].sum(), r[d < 0].sum())
    sums = np.array([np.dot(s, r) for s in itertools.product((0, 1), repeat=len(d))])
    return float(min(1, 2 * (sums <= t + 1e-9).mean()))
samples = json.load(sys.stdin)
ci = lambda d: bootstrap((d,), np.mean, method='percentile', n_resamples=100000, random_state=1).confidence_interval
print(json.dumps([{'p': p(d), 'low': float(ci(d).low), 'high': float(ci(d).high)} for d in samples]))
`;

describe.runIf(hasPython)('statistics against scipy', () => {
  const expected = JSON.parse(runPython(reference, { modules, input: JSON.stringify(samples) })) as {
    p: number;
    low: number;
    high: number;
  }[];

  it.each(samples.map((values, at) => [values.length, at] as const))(
    'the signed-rank test of %i differences (sample %i)',
    (_, at) => {
      expect(wilcoxon(samples[at]!)?.p).toBeCloseTo(expected[at]!.p, 10);
    },
  );

  it('the bootstrap interval, as far as chance allows', () => {
    for (const [at, values] of samples.entries()) {
      const [low, high] = bootstrapMean(values, { resamples: 100_000 })!;
      const width = expected[at]!.high - expected[at]!.low;
      expect(Math.abs(low - expected[at]!.low)).toBeLessThan(0.03 * width);
      expect(Math.abs(high - expected[at]!.high)).toBeLessThan(0.03 * width);
    }
  });
});
