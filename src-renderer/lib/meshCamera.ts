/** A camera with parallel rays about a patient: lengths on the screen are true, so that one scale bar holds everywhere. */
import { add, cross, dot, normalise, scale, subtract, type Vector3 } from './geometry.ts';

export interface BoneCamera {
  /** The point it turns about, LPS mm. */
  readonly focal: Vector3;
  /** Unit vectors: the way it looks, and what is up on the screen. */
  readonly direction: Vector3;
  readonly up: Vector3;
  /** Height of the picture in mm. */
  readonly heightMm: number;
}

export const cameraViews = ['anterior', 'posterior', 'left', 'right', 'superior', 'inferior'] as const;
export type CameraView = (typeof cameraViews)[number];

/** The side the eye is on: anterior looks from the front. From above and below, anterior is up. */
const directions: Record<CameraView, readonly [direction: Vector3, up: Vector3]> = {
  anterior: [[0, 1, 0], [0, 0, 1]],
  posterior: [[0, -1, 0], [0, 0, 1]],
  left: [[-1, 0, 0], [0, 0, 1]],
  right: [[1, 0, 0], [0, 0, 1]],
  superior: [[0, 0, -1], [0, -1, 0]],
  inferior: [[0, 0, 1], [0, -1, 0]],
}; // prettier-ignore

export interface Bounds {
  readonly low: Vector3;
  readonly high: Vector3;
}

/** What is to the right on the screen. */
export function rightOf({ direction, up }: BoneCamera): Vector3 {
  return cross(direction, up);
}

/** Sees all of `bounds` from one side; `aspect` is width over height of the picture. */
export function cameraFor(view: CameraView, bounds: Bounds, aspect: number): BoneCamera {
  const [direction, up] = directions[view];
  return fitted({ focal: [0, 0, 0], direction, up, heightMm: 1 }, bounds, aspect);
}

/** The same way of looking, with all of `bounds` in the picture and its middle in the middle. */
export function fitted(camera: BoneCamera, { low, high }: Bounds, aspect: number): BoneCamera {
  const half = scale(subtract(high, low), 0.5);
  const extent = (axis: Vector3): number =>
    2 * axis.reduce((sum, v, n) => sum + Math.abs(v) * half[n as 0 | 1 | 2], 0);
  const heightMm = 1.12 * Math.max(extent(camera.up), extent(rightOf(camera)) / Math.max(aspect, 0.1), 10);
  return { ...camera, focal: add(low, half), heightMm };
}

/** Turns the eye about the focal point: `right` and `down` in radians, as the bone is dragged. */
export function orbited(camera: BoneCamera, right: number, down: number): BoneCamera {
  const level = rotated(camera.direction, camera.up, -right);
  const sideways = normalise(cross(level, camera.up));
  const direction = normalise(rotated(level, sideways, -down));
  return { ...camera, direction, up: normalise(cross(sideways, direction)) };
}

/** Moves the picture's content by mm on the screen. */
export function panned(camera: BoneCamera, rightMm: number, downMm: number): BoneCamera {
  const shift = add(scale(rightOf(camera), -rightMm), scale(camera.up, downMm));
  return { ...camera, focal: add(camera.focal, shift) };
}

/** Enlarges by `factor` about the middle. */
export function zoomed(camera: BoneCamera, factor: number): BoneCamera {
  return { ...camera, heightMm: Math.min(4000, Math.max(2, camera.heightMm / factor)) };
}

/** Looks at a spot of the surface from outside. */
export function facing(camera: BoneCamera, spot: Vector3, normal: Vector3, heightMm: number): BoneCamera {
  const direction = scale(normalise(normal), -1);
  const upright: Vector3 = Math.abs(direction[2]) > 0.9 ? [0, -1, 0] : [0, 0, 1];
  const up = normalise(subtract(upright, scale(direction, dot(upright, direction))));
  return { ...camera, focal: spot, direction, up, heightMm };
}

/** Where a point lies on the screen: mm right of and above the middle, and mm behind the focal point. */
export function project(camera: BoneCamera, lps: Vector3): Vector3 {
  const from = subtract(lps, camera.focal);
  return [dot(from, rightOf(camera)), dot(from, camera.up), dot(from, camera.direction)];
}

/** The ray through a point of the picture (mm right of and above the middle), beginning in front of everything. */
export function rayAt(
  camera: BoneCamera,
  rightMm: number,
  aboveMm: number,
): { origin: Vector3; direction: Vector3 } {
  const onPlane = add(camera.focal, add(scale(rightOf(camera), rightMm), scale(camera.up, aboveMm)));
  return { origin: subtract(onPlane, scale(camera.direction, 5000)), direction: camera.direction };
}

/** Rodrigues' rotation of `v` about the unit vector `axis`. */
function rotated(v: Vector3, axis: Vector3, angle: number): Vector3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return add(add(scale(v, c), scale(cross(axis, v), s)), scale(axis, dot(axis, v) * (1 - c)));
}
