/**
 * How planes are stacked: their distance, and how far the way from one to the next leans. In a tilted stack (a gantry's, a sheared
 * volume's) that way is longer than the distance; what lies between two slices is told by the distance alone.
 */
import type { Vector3 } from './affine.ts';

export interface PlaneStack {
  /** Between neighbouring planes, along their normal, mm. */
  readonly distanceMm: number;
  /** Between the step and the normal of the planes. */
  readonly tiltDegrees: number;
}

/** Of planes spanned by the directions `row` and `column`, each `step` (mm) after the one before. */
export function planeStack(row: Vector3, column: Vector3, step: Vector3): PlaneStack {
  const normal: Vector3 = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
  const along = step[0] * normal[0] + step[1] * normal[1] + step[2] * normal[2];
  const distanceMm = Math.abs(along) / Math.hypot(...normal);
  const cosine = Math.min(1, distanceMm / Math.hypot(...step));
  return { distanceMm, tiltDegrees: (Math.acos(cosine) * 180) / Math.PI };
}
