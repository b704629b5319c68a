/**
 * From the patient to the drawing: offset, tilt about z, y and x, scale, then a slow random warp that bends the drawing differently in
 * every patient and on either side.
 */
import type { PhantomPatient } from './patient.ts';
import { createWarp } from './warp.ts';

/** A function that writes the place in the drawing of LPS (x, y, z) mm into `point`; `warpMm` is about how far the warp bends. */
export function createFrame(
  { seed, scale, tilt, centre }: Pick<PhantomPatient, 'seed' | 'scale' | 'tilt' | 'centre'>,
  warpMm = 2.2,
): (x: number, y: number, z: number, point: [number, number, number]) => void {
  const warp = createWarp(seed + 303, warpMm);
  const [cosX, cosY, cosZ] = [Math.cos(tilt[0]), Math.cos(tilt[1]), Math.cos(tilt[2])];
  const [sinX, sinY, sinZ] = [Math.sin(tilt[0]), Math.sin(tilt[1]), Math.sin(tilt[2])];
  return (x, y, z, point) => {
    const x0 = x - centre[0];
    const y0 = y - centre[1];
    const z0 = z - centre[2];
    const x1 = cosZ * x0 + sinZ * y0;
    const y1 = cosZ * y0 - sinZ * x0;
    const z1 = cosY * z0 + sinY * x1;
    point[0] = (cosY * x1 - sinY * z0) / scale[0];
    point[1] = (cosX * y1 + sinX * z1) / scale[1];
    point[2] = (cosX * z1 - sinX * y1) / scale[2];
    warp(point);
  };
}
