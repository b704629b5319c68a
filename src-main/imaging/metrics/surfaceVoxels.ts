import type { Vector3 } from '../../shared/affine.ts';

/**
 * The numbers (ascending) of the voxels of `mask` (non-zero is in) with a face neighbour outside it. A neighbour beyond the grid does
 * not count: a bone cut by the field of view has no surface there.
 */
export function surfaceVoxels(mask: ArrayLike<number>, [nx, ny, nz]: Vector3): Int32Array {
  const found: number[] = [];
  const plane = nx * ny;
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at]) continue;
        const open =
          (i > 0 && !mask[at - 1]) ||
          (i < nx - 1 && !mask[at + 1]) ||
          (j > 0 && !mask[at - nx]) ||
          (j < ny - 1 && !mask[at + nx]) ||
          (k > 0 && !mask[at - plane]) ||
          (k < nz - 1 && !mask[at + plane]);
        if (open) found.push(at);
      }
    }
  }
  return Int32Array.from(found);
}
