/** How well the bodies of a pair lie on each other, from masks on the MR's grid. */
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import type { Grid, Volume } from '../../shared/volume.ts';

/** Share of `body`'s voxels that lie within `grid`, 0…1; 0 for an empty body. */
export function bodyCoverage(body: Volume, grid: Grid): number {
  const within = fieldOn(body.grid, grid);
  let inside = 0;
  let reached = 0;
  for (let at = 0; at < within.length; at++) {
    if (!((body.data[at] as number) > 0)) continue;
    inside++;
    if ((within[at] as number) > 0) reached++;
  }
  return inside > 0 ? reached / inside : 0;
}

/** Dice of the MR's and the CT's body where both images reach (a CT is longer than an MR, arms are cut off); 0 where they do not meet. */
export function bodyOverlap(mrBody: Volume, ctBody: Volume): number {
  const other = resampleVolume(ctBody, mrBody.grid, { interpolation: 'nearest', outside: -1 }).data;
  let sum = 0;
  let both = 0;
  for (let at = 0; at < other.length; at++) {
    const ofCt = other[at] as number;
    if (ofCt < 0) continue;
    const ofMr = (mrBody.data[at] as number) > 0 ? 1 : 0;
    sum += ofMr + (ofCt > 0 ? 1 : 0);
    if (ofMr > 0 && ofCt > 0) both++;
  }
  return sum > 0 ? (2 * both) / sum : 0;
}

/** 1 where a voxel of `target` lies within `grid`, else 0. */
function fieldOn(target: Grid, grid: Grid): Float32Array {
  // A grid of one voxel with the extent of the other: whether a point lies inside is all that is asked.
  const [nx, ny, nz] = grid.size;
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = grid.indexToLps;
  const [mx, my, mz] = [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2];
  const block: Volume = {
    grid: {
      size: [1, 1, 1],
      indexToLps: [
        a * nx, b * ny, c * nz, a * mx + b * my + c * mz + tx,
        d * nx, e * ny, f * nz, d * mx + e * my + f * mz + ty,
        g * nx, h * ny, i * nz, g * mx + h * my + i * mz + tz,
      ],
    },
    data: Uint8Array.of(1),
  }; // prettier-ignore
  return resampleVolume(block, target, { interpolation: 'nearest', outside: 0 }).data;
}
