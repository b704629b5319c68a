/** Overlap of bone by threshold: Dice = 2·|A ∩ B| / (|A| + |B|) of the voxels above it in reference and synthetic CT. */

/** Dice of the voxels above `thresholdHu` inside `mask`; null when neither volume has any. */
export function boneDice(
  ct: ArrayLike<number>,
  sct: ArrayLike<number>,
  mask: ArrayLike<number>,
  thresholdHu: number,
): number | null {
  let inCt = 0;
  let inSct = 0;
  let inBoth = 0;
  for (let at = 0; at < ct.length; at++) {
    if (!((mask[at] as number) > 0)) continue;
    const a = (ct[at] as number) > thresholdHu;
    const b = (sct[at] as number) > thresholdHu;
    if (a) inCt++;
    if (b) inSct++;
    if (a && b) inBoth++;
  }
  return inCt + inSct > 0 ? (2 * inBoth) / (inCt + inSct) : null;
}
