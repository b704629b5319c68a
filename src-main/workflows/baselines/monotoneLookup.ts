/**
 * Reference point: the best monotone function from MR intensity to HU, that is all a voxel's intensity alone can tell if brighter is
 * always denser (or always less dense). Isotonic regression by pooling adjacent violators (Ayer et al., Ann. Math. Statist. 26, 1955) on
 * binned intensities, least squares; of the rising and the falling function the one with the smaller squared error.
 */

export interface IntensityPair {
  /** Normalised to [−1, 1]. */
  readonly mr: Float32Array;
  readonly ctHu: ArrayLike<number>;
  /** Voxels that are not 0 count. */
  readonly mask: ArrayLike<number>;
}

export interface MonotoneLookup {
  readonly direction: 'rising' | 'falling';
  /** HU of equal bins of [−1, 1]. */
  readonly valuesHu: Float64Array;
}

const bins = 256;

/** Fits the lookup. Throws a RangeError when no voxel counts. */
export function fitMonotoneLookup(pairs: readonly IntensityPair[]): MonotoneLookup {
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (const { mr, ctHu, mask } of pairs) {
    for (let at = 0; at < mr.length; at++) {
      if (!mask[at]) continue;
      const bin = binOf(mr[at] as number);
      counts[bin] = (counts[bin] as number) + 1;
      sums[bin] = (sums[bin] as number) + (ctHu[at] as number);
    }
  }
  if (!counts.some((count) => count > 0)) throw new RangeError('There are no voxels to fit a lookup to.');
  const means = sums.map((sum, bin) => (counts[bin] === 0 ? 0 : sum / (counts[bin] as number)));
  const rising = isotonicRegression(means, counts);
  const falling = isotonicRegression(
    means.map((mean) => -mean),
    counts,
  ).map((value) => -value);
  const error = (fit: Float64Array): number =>
    fit.reduce(
      (total, value, bin) => total + (counts[bin] as number) * (value - (means[bin] as number)) ** 2,
      0,
    );
  return error(rising) <= error(falling)
    ? { direction: 'rising', valuesHu: rising }
    : { direction: 'falling', valuesHu: falling };
}

/** HU of every voxel. */
export function applyMonotoneLookup({ valuesHu }: MonotoneLookup, mr: Float32Array): Float32Array {
  return mr.map((value) => valuesHu[binOf(value)] as number);
}

function binOf(value: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(((value + 1) / 2) * bins)));
}

/**
 * The non-decreasing sequence nearest to `values` in weighted least squares. A value without weight takes that of its left neighbour (of
 * the right one at the beginning).
 */
export function isotonicRegression(values: Float64Array, weights: Float64Array): Float64Array {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  for (let at = 0; at < values.length; at++) {
    const weight = weights[at] as number;
    const before = blocks.at(-1);
    if (weight === 0 && before) {
      before.count++;
      continue;
    }
    let block = { mean: values[at] as number, weight, count: 1 };
    for (
      let last = blocks.at(-1);
      last && (last.weight === 0 || last.mean >= block.mean);
      last = blocks.at(-1)
    ) {
      blocks.pop();
      const joined = last.weight + block.weight;
      block = {
        mean: joined === 0 ? block.mean : (last.mean * last.weight + block.mean * block.weight) / joined,
        weight: joined,
        count: last.count + block.count,
      };
    }
    blocks.push(block);
  }
  const out = new Float64Array(values.length);
  let at = 0;
  for (const { mean, count } of blocks) {
    out.fill(mean, at, at + count);
    at += count;
  }
  return out;
}
