/**
 * Places where a synthetic bone is not where the true one is: connected groups of surface voxels (26 neighbours) far from the other
 * surface. What the volume's edge cuts off is unknown, so a voxel counts only when its distance is shorter than the way to the edge.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { surfaceErrors, type SurfaceErrors } from './surfaceErrors.ts';

export interface FailureSpot {
  /** Index of the farthest voxel. */
  readonly voxel: Vector3;
  readonly distanceMm: number;
  /** Surface voxels in the group. */
  readonly voxels: number;
  /** `missing`: true bone without synthetic bone near; `added`: the other way round. */
  readonly kind: 'missing' | 'added';
}

export interface FailureRules {
  readonly limitMm: number;
  /** Smaller groups are left out: a few voxels are noise. */
  readonly leastVoxels: number;
}

/** The spots of `synthetic` against `reference` (non-zero is bone), the worst (distance × voxels) first. */
export function failureSpots(
  reference: ArrayLike<number>,
  synthetic: ArrayLike<number>,
  size: Vector3,
  spacingMm: Vector3,
  rules: FailureRules,
): FailureSpot[] {
  const errors = surfaceErrors(reference, synthetic, size, spacingMm);
  if (!errors) return [];
  const [missing, added] = errors;
  return [
    ...groupsOf(missing, 'missing', size, spacingMm, rules),
    ...groupsOf(added, 'added', size, spacingMm, rules),
  ].sort((a, b) => b.distanceMm * b.voxels - a.distanceMm * a.voxels);
}

function groupsOf(
  { voxels, distanceMm }: SurfaceErrors,
  kind: FailureSpot['kind'],
  size: Vector3,
  spacingMm: Vector3,
  { limitMm, leastVoxels }: FailureRules,
): FailureSpot[] {
  const [nx, ny, nz] = size;
  /** Distances of voxels that count and are in no group yet, else 0. */
  const left = new Float32Array(nx * ny * nz);
  for (let at = 0; at < voxels.length; at++) {
    const distance = distanceMm[at] ?? 0;
    const voxel = voxels[at] ?? 0;
    if (distance > limitMm && distance < wayToEdge(indexOf(voxel, size), size, spacingMm))
      left[voxel] = distance;
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
