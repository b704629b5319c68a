/** The union of two shapes without a crease: a polynomial smooth minimum of their signed distances. */

/** At most `width` / 4 below the smaller of `a` and `b`, and equal to it where they differ by more than `width`. */
export function smoothMinimum(a: number, b: number, width: number): number {
  const h = Math.max(width - Math.abs(a - b), 0) / width;
  return Math.min(a, b) - (h * h * width) / 4;
}
