/**
 * Compares a volume read back from DICOM with the one that was written, voxel by voxel and place by place. A reader stacks slices
 * along their normal, so that a left-handed grid comes back with its slices in reverse: same voxels at the same places.
 */
import { applyAffine, composeAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';

export interface VolumeComparison {
  readonly equal: boolean;
  /** What differs, for people; '' when nothing does. */
  readonly difference: string;
  readonly voxels: number;
  readonly maxValueDifference: number;
  /** Largest distance between the same voxel's places, mm, over the corners of the grid. */
  readonly maxPlaceDifferenceMm: number;
}

/** Positions are written with 16 characters and slices read as an even stack; both stay well below this. */
const toleranceMm = 1e-3;

/** Compares values exactly and places to a thousandth of a millimetre. */
export function compareVolumes(written: Volume, read: Volume): VolumeComparison {
  const [nx, ny, nz] = written.grid.size;
  const none = { equal: false, voxels: 0, maxValueDifference: NaN, maxPlaceDifferenceMm: NaN };
  if (written.grid.size.some((n, axis) => n !== read.grid.size[axis])) {
    return { ...none, difference: `its size is ${read.grid.size.join('×')} voxels` };
  }
  const flip: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, nz - 1];
  const flipped = composeAffine(read.grid.indexToLps, flip);
  const straight = placeDifference(written, read.grid.indexToLps);
  const reversed = placeDifference(written, flipped);
  const isReversed = reversed < straight;
  const maxPlaceDifferenceMm = Math.min(straight, reversed);
  let maxValueDifference = 0;
  const slice = nx * ny;
  for (let k = 0; k < nz; k++) {
    const from = (isReversed ? nz - 1 - k : k) * slice;
    for (let at = 0; at < slice; at++) {
      const difference = Math.abs((written.data[k * slice + at] ?? NaN) - (read.data[from + at] ?? NaN));
      // Math.max keeps a NaN, which must not pass for equal.
      maxValueDifference = Math.max(maxValueDifference, difference);
    }
  }
  const problems = [
    ...(maxPlaceDifferenceMm <= toleranceMm
      ? []
      : [`voxels lie up to ${maxPlaceDifferenceMm.toFixed(3)} mm away`]),
    ...(maxValueDifference === 0 ? [] : [`values differ by up to ${maxValueDifference}`]),
  ];
  return {
    equal: problems.length === 0,
    difference: problems.join(', '),
    voxels: slice * nz,
    maxValueDifference,
    maxPlaceDifferenceMm,
  };
}

/** Largest distance over the eight corners, which bounds it everywhere since both maps are affine. */
function placeDifference({ grid }: Volume, indexToLps: Affine): number {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(
    (corner) => grid.size.map((n, axis) => ((corner >> axis) & 1) * (n - 1)) as unknown as Vector3,
  );
  const distances = corners.map((corner) => {
    const [x, y, z] = applyAffine(grid.indexToLps, corner);
    const [u, v, w] = applyAffine(indexToLps, corner);
    return Math.hypot(x - u, y - v, z - w);
  });
  return Math.max(...distances);
}
