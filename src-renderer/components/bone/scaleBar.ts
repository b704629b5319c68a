/** A round length for a scale bar, mm: about a fifth of the picture. */
export function scaleBarMm(mmPerPx: number, widthPx: number): number {
  const rounds = [5, 10, 20, 50, 100, 200];
  return rounds.findLast((mm) => mm <= (mmPerPx * widthPx) / 4) ?? 5;
}
