/**
 * Percentile bootstrap interval of a mean (B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13): cases are drawn with
 * replacement; 95 % of the resampled means lie inside. With few cases it is too narrow rather than too wide.
 */
import { percentiles } from '../../../imaging/intensity/percentiles.ts';
import { createRandom } from '../../../shared/random.ts';

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly seed?: number;
  /** Percent of the resampled means inside. */
  readonly coverage?: number;
}

export type Interval = readonly [low: number, high: number];

export const bootstrapDefaults = { resamples: 10_000, seed: 2234, coverage: 95 } as const;

/** The interval of the mean of `values`, the same for the same seed; null below two values. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Interval | null {
  const { resamples, seed, coverage } = { ...bootstrapDefaults, ...options };
  const n = values.length;
  if (n < 2) return null;
  const random = createRandom(seed);
  const means = new Float64Array(resamples);
  for (let at = 0; at < resamples; at++) {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[random.integer(n)] ?? 0;
    means[at] = sum / n;
  }
  const tail = (100 - coverage) / 2;
  const [low = 0, high = 0] = percentiles(means, [tail, 100 - tail]);
  return [low, high];
}
