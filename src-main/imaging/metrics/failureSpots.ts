/**
 * Places where a synthetic bone is not where the true one is: connected groups of surface voxels (26 neighbours) far from the other
 * surface. What the volume's edge cuts off is unknown, but lies no nearer than the edge: a voxel is surely off by the shorter of its
 * distance and its way to the edge, and by no more than that it counts.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { surfaceErrors, type SurfaceErrors } from './surfaceErrors.ts';
import { surfaceVoxels } from './surfaceVoxels.ts';

export interface FailureSpot {
  /** Index of the farthest voxel; of a total failure the surface voxel nearest to the middle. */
  readonly voxel: Vector3;
  /** By how much the farthest voxel is surely off; null for a total failure: the other one has no bone at all, so that no distance exists. */
  readonly distanceMm: number | null;
  /** Surface voxels in the group; of a total failure all there are. */
  readonly voxels: number;
  /** `missing`: true bone without synthetic bone near; `added`: the other way round. */
  readonly kind: 'missing' | 'added';
}

export interface FailureRules {
  readonly limitMm: number;
  /** Smaller groups are left out: a few voxels are noise. */
  readonly leastVoxels: number;
}

/** Sorts the largest first: total failures, then by distance × voxels. */
export function bySpotSize(a: FailureSpot, b: FailureSpot): number {
  if (a.distanceMm !== null && b.distanceMm !== null)
    return b.distanceMm * b.voxels - a.distanceMm * a.voxels;
  return Number(b.distanceMm === null) - Number(a.distanceMm === null) || b.voxels - a.voxels;
}

/**
 * The spots of `synthetic` against `reference` (non-zero is bone), the largest first. Where only one of them has bone it is one spot,
 * wherever the volume's edge is: that there is none at all needs no distance.
 */
export function failureSpots(
  reference: ArrayLike<number>,
  synthetic: ArrayLike<number>,
  size: Vector3,
  spacingMm: Vector3,
  rules: FailureRules,
): FailureSpot[] {
  const errors = surfaceErrors(reference, synthetic, size, spacingMm);
  if (!errors)
    return [
      ...totalFailure(reference, synthetic, 'missing', size, spacingMm, rules),
      ...totalFailure(synthetic, reference, 'added', size, spacingMm, rules),
    ];
  const [missing, added] = errors;
  return [
    ...groupsOf(missing, 'missing', size, spacingMm, rules),
    ...groupsOf(added, 'added', size, spacingMm, rules),
  ].sort(bySpotSize);
}

/** All bone of `own` as one spot where `other` has none. */
function totalFailure(
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  kind: FailureSpot['kind'],
  size: Vector3,
  spacingMm: Vector3,
  { leastVoxels }: FailureRules,
): FailureSpot[] {
  for (let at = 0; at < other.length; at++) if (other[at]) return [];
  const surface = surfaceVoxels(own, size);
  if (surface.length < leastVoxels) return [];
  const middle = [0, 1, 2].map(
    (axis) => surface.reduce((sum, voxel) => sum + (indexOf(voxel, size)[axis] ?? 0), 0) / surface.length,
  );
  let [nearest, least] = [0, Infinity];
  for (const voxel of surface) {
    const ways = indexOf(voxel, size).map((at, axis) => (at - (middle[axis] ?? 0)) * (spacingMm[axis] ?? 0));
    const awayMm = Math.hypot(...ways);
    if (awayMm < least) [nearest, least] = [voxel, awayMm];
  }
  return [{ voxel: indexOf(nearest, size), distanceMm: null, voxels: surface.length, kind }];
}

function groupsOf(
  { voxels, distanceMm }: SurfaceErrors,
  kind: FailureSpot['kind'],
  size: Vector3,
  spacingMm: Vector3,
  { limitMm, leastVoxels }: FailureRules,
): FailureSpot[] {
  const [nx, ny, nz] = size;
  /** How far voxels that count and are in no group yet are surely off, else 0. */
  const left = new Float32Array(nx * ny * nz);
  for (let at = 0; at < voxels.length; at++) {
    const distance = distanceMm[at] ?? 0;
    if (distance <= limitMm) continue;
    const voxel = voxels[at] ?? 0;
    const sure = Math.min(distance, wayToEdge(indexOf(voxel, size), size, spacingMm));
    if (sure > limitMm) left[voxel] = sure;
  }
  const spots: FailureSpot[] = [];
  for (const start of voxels) {
    if (left[start] === 0) continue;
    const { count, farthest, distance } = takeGroup(start, left, nx, nx * ny);
    if (count >= leastVoxels)
      spots.push({ voxel: indexOf(farthest, size), distanceMm: distance, voxels: count, kind });
  }
  return spots;
}

/** Takes the group about `start` out of `left`. Voxels that count lie inside the volume's edge, so that no step leads around it. */
function takeGroup(
  start: number,
  left: Float32Array,
  row: number,
  plane: number,
): { count: number; farthest: number; distance: number } {
  const group = [start];
  let [farthest, distance] = [start, left[start] as number];
  left[start] = 0;
  for (const voxel of group) {
    for (let dk = -plane; dk <= plane; dk += plane)
      for (let dj = -row; dj <= row; dj += row)
        for (let di = -1; di <= 1; di++) {
          const next = voxel + di + dj + dk;
          const own = left[next] as number;
          if (own === 0) continue;
          left[next] = 0;
          group.push(next);
          if (own > distance) [farthest, distance] = [next, own];
        }
  }
  return { count: group.length, farthest, distance };
}

function indexOf(voxel: number, [nx, ny]: Vector3): Vector3 {
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / nx / ny)];
}

/** From a voxel's centre to the nearest face of the volume, mm; an axis of one voxel has no inside. */
function wayToEdge(index: Vector3, size: Vector3, spacingMm: Vector3): number {
  const ways = index.map((at, axis) => Math.min(at, (size[axis] ?? 1) - 1 - at) * (spacingMm[axis] ?? 0));
  return Math.min(...ways);
}
