/**
 * Patient geometry in the window: vectors and voxel grids. Patient space is DICOM's LPS (+x left, +y posterior, +z superior) in
 * mm; index (0, 0, 0) is the centre of the first voxel. An affine is row-major 3×4, voxel index → LPS.
 */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import {
  affineSpacing,
  applyAffine,
  invertAffine,
  type Affine,
  type Vector3,
} from '../../src-main/shared/affine.ts';

export { applyAffine, invertAffine, type Affine, type Vector3 };

export const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vector3, factor: number): Vector3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vector3): number => Math.hypot(a[0], a[1], a[2]);
export const distance = (a: Vector3, b: Vector3): number => length(subtract(a, b));
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The unit vector along `a`. Throws a RangeError for a vector without length. */
export function normalise(a: Vector3): Vector3 {
  const size = length(a);
  if (!(size > 0)) throw new RangeError('A vector without length has no direction.');
  return scale(a, 1 / size);
}

/** The grid's map voxel index → LPS mm. Throws a RangeError when it has not twelve numbers. */
export function affineOf(grid: GridBody): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = grid.indexToLps;
  const numbers = [a, b, c, tx, d, e, f, ty, g, h, i, tz];
  if (numbers.some((value) => value === undefined)) throw new RangeError('A grid needs twelve numbers.');
  return numbers as unknown as Affine;
}

/** The step in mm (LPS) of one voxel along index axis 0, 1 or 2. */
export function axisStep([a, b, c, , d, e, f, , g, h, i]: Affine, axis: 0 | 1 | 2): Vector3 {
  if (axis === 0) return [a, d, g];
  return axis === 1 ? [b, e, h] : [c, f, i];
}

/** Voxel spacing in mm along i, j, k. */
export function spacingOf(grid: GridBody): Vector3 {
  return affineSpacing(affineOf(grid));
}

/** The (fractional) voxel index of a point in LPS mm. */
export function lpsToIndex(grid: GridBody, lps: Vector3): Vector3 {
  return applyAffine(invertAffine(affineOf(grid)), lps);
}

/** Centre of a grid in LPS mm. */
export function gridCentre(grid: GridBody): Vector3 {
  const [nx, ny, nz] = grid.size;
  return applyAffine(affineOf(grid), [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]);
}

/** The centre of the voxel nearest to a point, held inside the grid. */
export function nearestVoxelCentre(grid: GridBody, lps: Vector3): Vector3 {
  const [i, j, k] = lpsToIndex(grid, lps);
  const hold = (value: number, n: number): number => Math.min(n - 1, Math.max(0, Math.round(value)));
  return applyAffine(affineOf(grid), [hold(i, grid.size[0]), hold(j, grid.size[1]), hold(k, grid.size[2])]);
}

/** Whether two grids have the same voxels, within `toleranceMm` per matrix element. */
export function sameGrid(a: GridBody, b: GridBody, toleranceMm = 1e-3): boolean {
  return (
    a.size.every((n, axis) => n === b.size[axis]) &&
    a.indexToLps.every((value, at) => Math.abs(value - (b.indexToLps[at] ?? NaN)) <= toleranceMm)
  );
}
