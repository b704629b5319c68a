/** How often each HU occurs between two bounds, for the picture above the threshold. */

/** Counts in `bins` equal steps from `lowHu` to `highHu`; of voxels set in `within` alone when given. */
export function histogram(
  values: ArrayLike<number>,
  [lowHu, highHu]: readonly [number, number],
  bins: number,
  within?: Uint8Array,
): Uint32Array {
  const counts = new Uint32Array(bins);
  const scale = bins / (highHu - lowHu);
  for (let at = 0; at < values.length; at++) {
    if (within && !within[at]) continue;
    const bin = Math.floor(((values[at] as number) - lowHu) * scale);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
