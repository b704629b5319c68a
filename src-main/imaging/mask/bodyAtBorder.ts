/** Where a body outline reaches the sides of its slices: there the patient goes on beyond the image. */
import type { Vector3 } from '../../shared/affine.ts';

/** Sides of an axial slice of increasing i (left of the patient) and j (posterior). */
export const borderSides = ['right', 'left', 'anterior', 'posterior'] as const;
export type BorderSide = (typeof borderSides)[number];

export interface BodyAtBorder {
  /** Share of all slices' border voxels that are body, 0…1. */
  readonly share: number;
  /** Sides on which body was found, in the order of `borderSides`. */
  readonly sides: readonly BorderSide[];
  /** First and last slice (from 1) where it was found; null where it was not. */
  readonly slices: readonly [number, number] | null;
}

/** Looks at the outermost voxels (i and j) of every slice of `mask`, which is in axial order (see `toAxialLps`). */
export function bodyAtBorder(mask: ArrayLike<number>, [nx, ny, nz]: Vector3): BodyAtBorder {
  const found = { right: 0, left: 0, anterior: 0, posterior: 0 };
  let first = -1;
  let last = -1;
  for (let k = 0; k < nz; k++) {
    const at = (i: number, j: number): number => (mask[i + nx * (j + ny * k)] ? 1 : 0);
    const before = found.right + found.left + found.anterior + found.posterior;
    for (let i = 0; i < nx; i++) {
      found.anterior += at(i, 0);
      found.posterior += at(i, ny - 1);
    }
    for (let j = 0; j < ny; j++) {
      found.right += at(0, j);
      found.left += at(nx - 1, j);
    }
    if (found.right + found.left + found.anterior + found.posterior === before) continue;
    if (first < 0) first = k;
    last = k;
  }
  const total = borderSides.reduce((sum, side) => sum + found[side], 0);
  return {
    share: total / (2 * (nx + ny) * nz),
    sides: borderSides.filter((side) => found[side] > 0),
    slices: first < 0 ? null : [first + 1, last + 1],
  };
}
