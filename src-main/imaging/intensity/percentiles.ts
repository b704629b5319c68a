/** Percentiles by linear interpolation between order statistics (numpy's default, Hyndman & Fan 1996 type 7). */

/**
 * The given percentiles (0…100) of `values`, of those where `mask` is non-zero when one is given. Values that are not
 * finite are left out. Empty when no value is left.
 */
export function percentiles(
  values: ArrayLike<number>,
  percents: readonly number[],
  mask?: ArrayLike<number>,
): number[] {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (mask !== undefined && !mask[at]) continue;
    const value = values[at] as number;
    if (Number.isFinite(value)) kept[count++] = value;
  }
  if (count === 0) return [];
  const sorted = kept.subarray(0, count).sort();
  return percents.map((percent) => {
    const position = (Math.min(Math.max(percent, 0), 100) / 100) * (count - 1);
    const lower = Math.floor(position);
    const low = sorted[lower] as number;
    const high = sorted[Math.min(lower + 1, count - 1)] as number;
    return low + (high - low) * (position - lower);
  });
}
