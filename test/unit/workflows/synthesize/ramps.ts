/** Volumes whose value is a linear function of the place in the patient, so that any shift, flip or turn shows as an error in HU. */
import {
  affineAxes,
  affineFromAxes,
  applyAffine,
  composeAffine,
  type Affine,
  type Vector3,
} from '../../../../src-main/shared/affine.ts';
import { voxelCount, type Grid, type Volume } from '../../../../src-main/shared/volume.ts';

/** Value at a place in mm; it differs along and across every axis. */
export const rampAt = ([x, y, z]: Vector3): number => 2000 + 5 * x - 3 * y + 4 * z;

/** Index of voxel `at` of a grid. */
export function indexOf({ size: [nx, ny] }: Grid, at: number): Vector3 {
  return [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
}

/** A volume that holds `value` of each voxel's place and index. */
export function fillVolume(
  grid: Grid,
  value: (place: Vector3, index: Vector3) => number,
): Volume<Float32Array> {
  const data = Float32Array.from({ length: voxelCount(grid) }, (_, at) => {
    const index = indexOf(grid, at);
    return value(applyAffine(grid.indexToLps, index), index);
  });
  return { grid, data };
}

/** A grid of `size` about the patient's origin. `axes` are the directions of i, j, k. */
export function gridAboutOrigin(
  size: Vector3,
  spacing: Vector3,
  axes: readonly [Vector3, Vector3, Vector3],
): Grid {
  const affine = affineFromAxes([0, 0, 0], spacing, axes);
  const middle = applyAffine(affine, [(size[0] - 1) / 2, (size[1] - 1) / 2, (size[2] - 1) / 2]);
  return {
    size,
    indexToLps: affineFromAxes([-middle[0], -middle[1], -middle[2]], spacing, axes),
  };
}

/** Axes turned by `degrees` about the patient's left–right axis, then by half of that about head–feet. */
export function turned(
  axes: readonly [Vector3, Vector3, Vector3],
  degrees: number,
): readonly [Vector3, Vector3, Vector3] {
  const turn = (angle: number, a: 0 | 1 | 2, b: 0 | 1 | 2): Affine => {
    const radians = (angle * Math.PI) / 180;
    const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    matrix[4 * a + a] = matrix[4 * b + b] = Math.cos(radians);
    matrix[4 * a + b] = -Math.sin(radians);
    matrix[4 * b + a] = Math.sin(radians);
    return matrix as unknown as Affine;
  };
  const rotation = composeAffine(turn(degrees / 2, 0, 1), turn(degrees, 1, 2));
  return affineAxes(composeAffine(rotation, affineFromAxes([0, 0, 0], [1, 1, 1], axes)));
}
