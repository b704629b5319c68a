/** Holm's step-down correction of p-values that are looked at together (S. Holm, Scandinavian Journal of Statistics 6, 1979). */

/** The corrected p-values, in the order given; null stays null and does not count. */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const present = pValues.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p);
  const corrected = pValues.map((): number | null => null);
  let largest = 0;
  for (const [place, { p, at }] of present.entries()) {
    largest = Math.max(largest, Math.min(1, p * (present.length - place)));
    corrected[at] = largest;
  }
  return corrected;
}
