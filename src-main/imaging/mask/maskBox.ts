import type { Vector3 } from '../../shared/affine.ts';

export interface VoxelBox {
  /** Indices of the first voxel. */
  readonly from: Vector3;
  readonly size: Vector3;
}

/** The smallest box about the voxels of `mask` above zero; null where there is none. */
export function maskBox(mask: ArrayLike<number>, [nx, ny, nz]: Vector3): VoxelBox | null {
  let [left, right, top, bottom, first, last] = [nx, -1, ny, -1, nz, -1];
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!((mask[at] as number) > 0)) continue;
        if (i < left) left = i;
        if (i > right) right = i;
        if (j < top) top = j;
        if (j > bottom) bottom = j;
        if (k < first) first = k;
        last = k;
      }
    }
  }
  if (last < 0) return null;
  return { from: [left, top, first], size: [right - left + 1, bottom - top + 1, last - first + 1] };
}

/** The same of the slices from `first` on, `count` of them or as many as there are. */
export function maskBoxInSlices(
  mask: Uint8Array,
  [nx, ny, nz]: Vector3,
  first: number,
  count: number,
): VoxelBox | null {
  const slices = Math.min(count, nz - first);
  const box = maskBox(mask.subarray(nx * ny * first, nx * ny * (first + slices)), [nx, ny, slices]);
  return box && { from: [box.from[0], box.from[1], box.from[2] + first], size: box.size };
}
