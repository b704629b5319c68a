/**
 * Turns a volume to the axial order networks are trained in, by permuting and flipping axes only (no interpolation):
 * i nearest to the patient's left (+x), j to posterior (+y), k to superior (+z) of DICOM's LPS. An oblique grid stays
 * oblique; its affine follows. `restoreOrientation` undoes it exactly.
 */
import { affineAxes, applyAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import type { Grid, Volume, VoxelArray } from '../../shared/volume.ts';

type Axis = 0 | 1 | 2;

/** For each new axis the old one it comes from, and whether it runs backwards. */
export interface AxisOrder {
  readonly from: readonly [Axis, Axis, Axis];
  readonly flipped: readonly [boolean, boolean, boolean];
}

const PERMUTATIONS: readonly (readonly [Axis, Axis, Axis])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** The axis order that brings `grid` nearest to LPS: the permutation with the largest sum of |cosines|. */
export function axialOrder(grid: Grid): AxisOrder {
  const axes = affineAxes(grid.indexToLps);
  const fit = (from: readonly Axis[]): number =>
    from.reduce<number>((sum, old, axis) => sum + Math.abs(axes[old][axis as Axis]), 0);
  let best = PERMUTATIONS[0] as readonly [Axis, Axis, Axis];
  for (const from of PERMUTATIONS) if (fit(from) > fit(best) + 1e-9) best = from;
  const [x, y, z] = best;
  return { from: best, flipped: [axes[x][0] < 0, axes[y][1] < 0, axes[z][2] < 0] };
}

/** The grid that `toAxialLps` would give a volume on `grid`. */
export function axialGrid(grid: Grid): Grid {
  return reorderGrid(grid, axialOrder(grid));
}

/** `volume` in axial LPS order, and the order that was applied. */
export function toAxialLps<T extends VoxelArray>(volume: Volume<T>): { volume: Volume<T>; order: AxisOrder } {
  const order = axialOrder(volume.grid);
  return { volume: reorder(volume, order, reorderGrid(volume.grid, order)), order };
}

/** Undoes `toAxialLps`: values of a volume in axial order, back on `sourceGrid` (which is returned as it is). */
export function restoreOrientation<T extends VoxelArray>(
  volume: Volume<T>,
  order: AxisOrder,
  sourceGrid: Grid,
): Volume<T> {
  const back: [Axis, Axis, Axis] = [0, 0, 0];
  const flipped: [boolean, boolean, boolean] = [false, false, false];
  order.from.forEach((old, axis) => {
    back[old] = axis as Axis;
    flipped[old] = order.flipped[axis as Axis];
  });
  return reorder(volume, { from: back, flipped }, sourceGrid);
}

function reorderGrid({ size, indexToLps }: Grid, { from, flipped }: AxisOrder): Grid {
  const first: [number, number, number] = [0, 0, 0];
  from.forEach((old, axis) => {
    if (flipped[axis as Axis]) first[old] = size[old] - 1;
  });
  const origin = applyAffine(indexToLps, first);
  const column = (axis: Axis): Vector3 => {
    const sign = flipped[axis] ? -1 : 1;
    const at = from[axis];
    return [0, 4, 8].map((row) => sign * (indexToLps[row + at] as number)) as unknown as Vector3;
  };
  const [i, j, k] = [column(0), column(1), column(2)];
  const affine: Affine = [
    i[0], j[0], k[0], origin[0],
    i[1], j[1], k[1], origin[1],
    i[2], j[2], k[2], origin[2],
  ]; // prettier-ignore
  return { size: [size[from[0]], size[from[1]], size[from[2]]], indexToLps: affine };
}

function reorder<T extends VoxelArray>({ grid, data }: Volume<T>, order: AxisOrder, target: Grid): Volume<T> {
  const { from, flipped } = order;
  const [nx, ny, nz] = target.size;
  if ([nx, ny, nz].some((n, axis) => n !== grid.size[from[axis as Axis]])) {
    throw new RangeError('The volume does not have the size that the axis order expects.');
  }
  const strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
  let start = 0;
  const steps = from.map((old, axis) => {
    const stride = strides[old] as number;
    if (!flipped[axis as Axis]) return stride;
    start += stride * (grid.size[old] - 1);
    return -stride;
  });
  const [di, dj, dk] = steps as [number, number, number];
  const out = data.slice() as T;
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let source = start + dj * j + dk * k;
      for (let i = 0; i < nx; i++, at++, source += di) out[at] = data[source] as number;
    }
  }
  return { grid: target, data: out };
}
