/**
 * Lengths, angles and region statistics in patient space. Statistics are over acquired voxels: those whose centre lies in the
 * rectangle and within half a voxel of its plane; nothing is interpolated.
 */
import {
  affineOf,
  applyAffine,
  axisStep,
  cross,
  distance,
  dot,
  invertAffine,
  length,
  subtract,
  type Vector3,
} from './geometry.ts';
import type { LoadedVolume } from './volume.ts';

export type MeasurementKind = 'ruler' | 'angle' | 'rectangle';

export interface Measurement {
  readonly id: number;
  readonly kind: MeasurementKind;
  /** Ruler: the ends. Angle: an arm's end, the vertex, the other arm's end. Rectangle: two opposite corners. LPS mm. */
  readonly points: readonly Vector3[];
  /** Unit vectors of the plane it was drawn in. */
  readonly right: Vector3;
  readonly up: Vector3;
}

export interface RegionStatistics {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for one voxel. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Points a measurement of this kind is made of. */
export const POINTS: Readonly<Record<MeasurementKind, number>> = { ruler: 2, angle: 3, rectangle: 2 };

/** Distance between two points in mm. */
export function rulerMm([a, b]: readonly Vector3[]): number {
  return a && b ? distance(a, b) : 0;
}

/** Angle at the middle point in degrees, 0 to 180; 0 while an arm has no length. */
export function angleDegrees([a, vertex, b]: readonly Vector3[]): number {
  if (!a || !vertex || !b) return 0;
  const [armA, armB] = [subtract(a, vertex), subtract(b, vertex)];
  return (Math.atan2(length(cross(armA, armB)), dot(armA, armB)) * 180) / Math.PI;
}

/** Width and height of a rectangle in mm. */
export function rectangleMm({ points: [a, b], right, up }: Measurement): readonly [number, number] {
  if (!a || !b) return [0, 0];
  const across = subtract(b, a);
  return [Math.abs(dot(across, right)), Math.abs(dot(across, up))];
}

/** Statistics of a volume's voxels inside a rectangle; null when it holds no voxel centre. */
export function regionStatistics(volume: LoadedVolume, region: Measurement): RegionStatistics | null {
  const [a, b] = region.points;
  if (!a || !b) return null;
  const affine = affineOf(volume);
  const normal = cross(region.right, region.up);
  const across = subtract(b, a);
  const [extentRight, extentUp] = [dot(across, region.right), dot(across, region.up)];
  const steps = [axisStep(affine, 0), axisStep(affine, 1), axisStep(affine, 2)] as const;
  // Half a voxel across the plane: for a plane along the volume's slices exactly half the slice distance, so one layer.
  const halfMm = Math.max(...steps.map((step) => Math.abs(dot(step, normal)))) / 2;
  const within = (value: number, end: number): boolean =>
    value >= Math.min(0, end) && value <= Math.max(0, end);
  const [low, high] = indexBounds(volume, region, halfMm, [extentRight, extentUp]);
  const [nx, ny] = volume.size;
  let [count, mean, squares, minimum, maximum] = [0, 0, 0, Infinity, -Infinity];
  for (let k = low[2]; k <= high[2]; k += 1)
    for (let j = low[1]; j <= high[1]; j += 1)
      for (let i = low[0]; i <= high[0]; i += 1) {
        const from = subtract(applyAffine(affine, [i, j, k]), a);
        const depth = dot(from, normal);
        if (depth < -halfMm + 1e-6 || depth > halfMm + 1e-6) continue;
        if (!within(dot(from, region.right), extentRight) || !within(dot(from, region.up), extentUp))
          continue;
        const value = volume.data[i + nx * (j + ny * k)] ?? NaN;
        count += 1;
        // Welford's update: exact enough for large regions of large values.
        const delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
        minimum = Math.min(minimum, value);
        maximum = Math.max(maximum, value);
      }
  if (count === 0) return null;
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, minimum, maximum };
}

/** Smallest box of voxels that holds the rectangle, thickened by half a voxel, cut to the volume. */
function indexBounds(
  volume: LoadedVolume,
  { points: [a], right, up }: Measurement,
  halfMm: number,
  [width, height]: readonly [number, number],
): readonly [Vector3, Vector3] {
  const back = invertAffine(affineOf(volume));
  const normal = cross(right, up);
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const x of [0, width])
    for (const y of [0, height])
      for (const z of [-halfMm, halfMm]) {
        const corner = (a ?? [0, 0, 0]).map(
          (value, at) => value + x * (right[at] ?? 0) + y * (up[at] ?? 0) + z * (normal[at] ?? 0),
        ) as [number, number, number];
        applyAffine(back, corner).forEach((index, axis) => {
          low[axis] = Math.min(low[axis] ?? 0, index);
          high[axis] = Math.max(high[axis] ?? 0, index);
        });
      }
  const hold = (value: number, axis: number): number =>
    Math.min((volume.size[axis] ?? 1) - 1, Math.max(0, value));
  return [
    [hold(Math.floor(low[0]), 0), hold(Math.floor(low[1]), 1), hold(Math.floor(low[2]), 2)],
    [hold(Math.ceil(high[0]), 0), hold(Math.ceil(high[1]), 1), hold(Math.ceil(high[2]), 2)],
  ];
}
