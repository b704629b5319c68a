/**
 * The one volume type of the project: a regular voxel grid in patient space with its values.
 *
 * Values are stored x fastest, then y, then z: `index = i + nx * (j + ny * k)`. What a value means (HU, MR intensity, label)
 * is known from where the volume comes from, never guessed from its numbers.
 */
import type { Affine, Vector3 } from './affine.ts';

export type VoxelArray = Float32Array | Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array | Int8Array;

/** A voxel grid in patient space. */
export interface Grid {
  /** Number of voxels along i, j, k. */
  readonly size: Vector3;
  /** Voxel index → LPS, mm. */
  readonly indexToLps: Affine;
}

export interface Volume<T extends VoxelArray = VoxelArray> {
  readonly grid: Grid;
  /** `size[0] * size[1] * size[2]` values, i fastest. */
  readonly data: T;
}

/** Number of voxels of a grid. */
export function voxelCount({ size: [nx, ny, nz] }: Grid): number {
  return nx * ny * nz;
}

/** Whether two grids have the same size and the same affine within `toleranceMm` per matrix element. */
export function sameGrid(a: Grid, b: Grid, toleranceMm = 1e-3): boolean {
  return (
    a.size.every((n, axis) => n === b.size[axis]) &&
    a.indexToLps.every((value, at) => Math.abs(value - (b.indexToLps[at] ?? NaN)) <= toleranceMm)
  );
}
