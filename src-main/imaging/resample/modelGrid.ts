/**
 * The grid a model works on: the MR's own slice planes with another in-plane spacing.
 *
 * Slices, their spacing and every axis direction stay as they are; only i and j are re-spaced. The new voxels cover the old
 * in-plane extent (voxel edges, not centres), centred on it; where the extent is no whole number of new voxels it is
 * overshot by less than one, so every old voxel centre lies inside and every new centre lies inside the old extent.
 */
import { affineAxes, affineFromAxes, affineSpacing, applyAffine } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';

export interface ModelGridOptions {
  /** In-plane spacing along i and j, mm. */
  readonly spacingMm: readonly [number, number];
}

/** `grid` with its i and j axes re-spaced; `grid` itself when it has that spacing already (within 1e-4 mm). */
export function axialModelGrid(grid: Grid, { spacingMm }: ModelGridOptions): Grid {
  const [oldX, oldY, spacingZ] = affineSpacing(grid.indexToLps);
  const [newX, newY] = spacingMm;
  if (!(newX > 0) || !(newY > 0)) throw new RangeError('The model spacing must be positive.');
  if (Math.abs(oldX - newX) < 1e-4 && Math.abs(oldY - newY) < 1e-4) return grid;
  const [nx, ny, nz] = grid.size;
  const i = respaceAxis(nx, oldX, newX);
  const j = respaceAxis(ny, oldY, newY);
  const origin = applyAffine(grid.indexToLps, [i.firstCentre, j.firstCentre, 0]);
  return {
    size: [i.count, j.count, nz],
    indexToLps: affineFromAxes(origin, [newX, newY, spacingZ], affineAxes(grid.indexToLps)),
  };
}

/** Number of new voxels, and the first one's centre as an index on the old axis. */
function respaceAxis(count: number, oldMm: number, newMm: number): { count: number; firstCentre: number } {
  const newCount = Math.max(1, Math.ceil((count * oldMm) / newMm - 1e-6));
  const overshootMm = newCount * newMm - count * oldMm;
  return { count: newCount, firstCentre: ((newMm - oldMm) / 2 - overshootMm / 2) / oldMm };
}
