/**
 * The distances between the surfaces of two binary masks on one grid, in mm, at every surface voxel.
 *
 * A surface voxel is a mask voxel with a face neighbour outside the mask; a neighbour beyond the grid does not count, as a bone cut by
 * the field of view has no surface there. Distances are exact and Euclidean between voxel centres, so their resolution is the voxel.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { squaredDistance } from '../mask/distanceTransform.ts';
import type { VoxelBox } from '../mask/maskBox.ts';
import { surfaceVoxels } from './surfaceVoxels.ts';

/** The surface of one mask, and how far from the other's surface each of its voxels is. */
export interface SurfaceErrors {
  /** Voxel numbers, ascending. */
  readonly voxels: Int32Array;
  readonly distanceMm: Float64Array;
}

/** Of `first` and of `second` (non-zero is in), each to the other; null when either has no surface. */
export function surfaceErrors(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  size: Vector3,
  spacingMm: Vector3,
): readonly [SurfaceErrors, SurfaceErrors] | null {
  const surfaces = [surfaceVoxels(first, size), surfaceVoxels(second, size)] as const;
  if (surfaces.some((voxels) => voxels.length === 0)) return null;
  const box = boundingBox(surfaces, size);
  const [ofFirst, ofSecond] = surfaces;
  return [
    { voxels: ofFirst, distanceMm: distancesTo(ofSecond, ofFirst, size, box, spacingMm) },
    { voxels: ofSecond, distanceMm: distancesTo(ofFirst, ofSecond, size, box, spacingMm) },
  ];
}

/** The box about both surfaces. */
function boundingBox(surfaces: readonly Int32Array[], [nx, ny]: Vector3): VoxelBox {
  let [left, right, top, bottom, first, last] = [Infinity, -1, Infinity, -1, Infinity, -1];
  for (const voxels of surfaces) {
    for (const at of voxels) {
      const i = at % nx;
      const j = Math.floor(at / nx) % ny;
      const k = Math.floor(at / nx / ny);
      if (i < left) left = i;
      if (i > right) right = i;
      if (j < top) top = j;
      if (j > bottom) bottom = j;
      if (k < first) first = k;
      if (k > last) last = k;
    }
  }
  return { from: [left, top, first], size: [right - left + 1, bottom - top + 1, last - first + 1] };
}

/**
 * Distance in mm from every voxel of `from` to the nearest of `targets`, computed inside `box`: a distance transform of each plane, and
 * across the planes a walk from the voxel outwards that ends where the way there is longer than the best found. Surfaces mostly lie
 * close together, so that the walk is short, where a transform across the planes would visit every voxel of the box.
 */
function distancesTo(
  targets: Int32Array,
  from: Int32Array,
  [nx, ny]: Vector3,
  box: VoxelBox,
  spacingMm: Vector3,
): Float64Array {
  const [bx, by, bz] = box.size;
  const plane = bx * by;
  const inBox = (at: number): number =>
    (at % nx) -
    box.from[0] +
    bx * ((Math.floor(at / nx) % ny) - box.from[1] + by * (Math.floor(at / nx / ny) - box.from[2]));
  const seeds = new Uint8Array(plane * bz);
  for (const at of targets) seeds[inBox(at)] = 1;
  const inPlanes = squaredDistance(seeds, box.size, [spacingMm[0], spacingMm[1], Infinity]);
  return Float64Array.from(from, (at) => {
    const start = inBox(at);
    const k = Math.floor(start / plane);
    let squared = inPlanes[start] as number;
    for (let planes = 1; (planes * spacingMm[2]) ** 2 < squared; planes++) {
      if (k - planes < 0 && k + planes >= bz) break;
      const across = (planes * spacingMm[2]) ** 2;
      if (k >= planes) squared = Math.min(squared, across + (inPlanes[start - planes * plane] as number));
      if (k + planes < bz) squared = Math.min(squared, across + (inPlanes[start + planes * plane] as number));
    }
    return Math.sqrt(squared);
  });
}
