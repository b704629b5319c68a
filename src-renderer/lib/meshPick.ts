/** The first spot of bone a ray meets, read from the image itself: as exact as the surface, without searching its triangles. */
import {
  add,
  affineOf,
  applyAffine,
  dot,
  invertAffine,
  length,
  scale,
  spacingOf,
  subtract,
  type Vector3,
} from './geometry.ts';
import { sampleAtIndex } from './sampling.ts';
import type { LoadedVolume } from './volume.ts';

export interface Ray {
  /** LPS mm. */
  readonly origin: Vector3;
  readonly direction: Vector3;
}

/** Keeps the half of space its normal points into. */
export interface ClipPlane {
  readonly point: Vector3;
  readonly normal: Vector3;
}

export interface PickRules {
  readonly thresholdHu: number;
  readonly clip?: ClipPlane | null | undefined;
  /** Only bone in voxels set here. */
  readonly within?: Uint8Array | undefined;
}

/** The spot in LPS mm, to a hundredth of a voxel; null where the ray meets no bone. */
export function pickBone(
  volume: LoadedVolume,
  ray: Ray,
  { thresholdHu, clip, within }: PickRules,
): Vector3 | null {
  const toIndex = invertAffine(affineOf(volume));
  const along = scale(ray.direction, 1 / length(ray.direction));
  const range = throughBox(
    volume,
    applyAffine(toIndex, ray.origin),
    subtract(applyAffine(toIndex, add(ray.origin, along)), applyAffine(toIndex, ray.origin)),
  );
  if (!range) return null;
  const at = (mm: number): Vector3 => add(ray.origin, scale(along, mm));
  const isBone = (mm: number): boolean => {
    const lps = at(mm);
    if (clip && dot(subtract(lps, clip.point), clip.normal) < 0) return false;
    const index = applyAffine(toIndex, lps);
    return (
      (sampleAtIndex(volume, index) ?? -Infinity) > thresholdHu && (!within || touches(volume, within, index))
    );
  };
  const step = Math.min(...spacingOf(volume)) / 2;
  for (let mm = range[0]; mm <= range[1]; mm += step) {
    if (!isBone(mm)) continue;
    let [outside, inside] = [mm - step, mm];
    for (let halving = 0; halving < 7; halving++) {
      const middle = (outside + inside) / 2;
      if (isBone(middle)) inside = middle;
      else outside = middle;
    }
    return at(inside);
  }
  return null;
}

/** Whether one of the eight voxels around an index is set. */
function touches({ size: [nx, ny, nz] }: LoadedVolume, mask: Uint8Array, [i, j, k]: Vector3): boolean {
  const [x, y, z] = [Math.floor(i), Math.floor(j), Math.floor(k)];
  for (let corner = 0; corner < 8; corner++) {
    const [a, b, c] = [x + (corner & 1), y + ((corner >> 1) & 1), z + (corner >> 2)];
    if (a >= 0 && b >= 0 && c >= 0 && a < nx && b < ny && c < nz && mask[a + nx * (b + ny * c)]) return true;
  }
  return false;
}

/** Where a ray given in voxel indices (per mm) enters and leaves the grid, in mm. */
function throughBox(
  { size }: LoadedVolume,
  origin: Vector3,
  perMm: Vector3,
): readonly [number, number] | null {
  let [enter, leave] = [-Infinity, Infinity];
  for (const axis of [0, 1, 2] as const) {
    const [a, b] = [(-0.5 - origin[axis]) / perMm[axis], (size[axis] - 0.5 - origin[axis]) / perMm[axis]];
    if (perMm[axis] === 0) {
      if (origin[axis] < -0.5 || origin[axis] > size[axis] - 0.5) return null;
      continue;
    }
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave ? [enter, leave] : null;
}
