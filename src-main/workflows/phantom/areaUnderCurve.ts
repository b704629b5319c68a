/**
 * The area under the ROC curve as the probability that a value of the one group exceeds one of the other, ties counting half
 * (Mann–Whitney U divided by the number of pairs; Hanley & McNeil, Radiology 143, 1982).
 */

/** P(higher > lower) + ½ P(higher = lower) over all pairs; null when a group is empty. Sorts copies: O(n log n). */
export function areaUnderCurve(higher: Float32Array, lower: Float32Array): number | null {
  if (higher.length === 0 || lower.length === 0) return null;
  const a = higher.slice().sort();
  const b = lower.slice().sort();
  /** How many of `b` lie below, and how many not above, the value at hand. */
  let below = 0;
  let notAbove = 0;
  let sum = 0;
  for (const value of a) {
    while (below < b.length && (b[below] as number) < value) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < b.length && (b[notAbove] as number) <= value) notAbove++;
    sum += (below + notAbove) / 2;
  }
  return sum / (a.length * b.length);
}
