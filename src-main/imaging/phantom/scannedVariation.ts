/** How far the patients that are made of one scan differ from it: the bounds within which `scannedSubject.ts` draws each. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Size relative to the scan, along x, y, z. */
export const scannedScale: readonly [Bounds, Bounds, Bounds] = [
  { low: 0.94, high: 1.04 },
  { low: 0.94, high: 1.06 },
  { low: 0.95, high: 1.06 },
];
/** Shift to either side along x, y, z. */
export const scannedShiftMm = [5, 4, 8] as const;
/** Turn to either side about x, y, z. */
export const scannedTiltDegrees = [4, 1.5, 2] as const;
/** About how far the slow waves bend a body; at their highest they reach half as far again (`warp.ts`). */
export const scannedWarpMm = 6;
/** Where the middle of the phantom's grid lies (see `createPhantomCase.ts`); the middle of the scanned body is put there. */
export const gridMiddleLps = [0, 6, 14] as const;
