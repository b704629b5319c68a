/**
 * The three planes a study is looked at in: the index planes of its reference volume that lie nearest to axial, sagittal and
 * coronal, so that a slice shown is a slice acquired, on oblique volumes too.
 *
 * On screen the radiological way: axial from the feet (patient's left on the right, anterior up), coronal from the front,
 * sagittal from the patient's left (anterior on the left). A plane's slices are counted along its index axis from 0.
 */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import {
  affineOf,
  applyAffine,
  axisStep,
  cross,
  dot,
  length,
  lpsToIndex,
  normalise,
  scale,
  subtract,
  type Vector3,
} from './geometry.ts';

export const PLANE_NAMES = ['axial', 'coronal', 'sagittal'] as const;
export type PlaneName = (typeof PLANE_NAMES)[number];

export interface ViewPlane {
  readonly name: PlaneName;
  /** Unit vector to the right of the screen, LPS. */
  readonly right: Vector3;
  /** Unit vector to the top of the screen, LPS. */
  readonly up: Vector3;
  /** Unit vector towards the viewer: right × up. */
  readonly normal: Vector3;
  /** Index axis of the reference volume that the slices follow. */
  readonly axis: 0 | 1 | 2;
  readonly slices: number;
  /** LPS step from a slice to the next in mm. */
  readonly step: Vector3;
  /** Angle between the plane and the patient's own axial, coronal or sagittal plane, degrees. */
  readonly obliqueDegrees: number;
  /** 1 when the slice number grows towards the top of its rail (superior, anterior, right), else −1. */
  readonly railSign: 1 | -1;
}

/** The anatomical frame of each plane: right, up, and the direction that is the top of its slice rail. */
const FRAMES: Readonly<Record<PlaneName, { right: Vector3; up: Vector3; railTop: Vector3 }>> = {
  axial: { right: [1, 0, 0], up: [0, -1, 0], railTop: [0, 0, 1] },
  coronal: { right: [1, 0, 0], up: [0, 0, 1], railTop: [0, -1, 0] },
  sagittal: { right: [0, 1, 0], up: [0, 0, 1], railTop: [-1, 0, 0] },
};

type Axis = 0 | 1 | 2;
const ORDERS: readonly (readonly [Axis, Axis, Axis])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Which index axis lies nearest to L, P and S, each used once. */
function nearestAxes(grid: GridBody): readonly [Axis, Axis, Axis] {
  const affine = affineOf(grid);
  const share = (axis: Axis, patient: Axis): number => Math.abs(normalise(axisStep(affine, axis))[patient]);
  const fit = (order: readonly [Axis, Axis, Axis]): number =>
    share(order[0], 0) + share(order[1], 1) + share(order[2], 2);
  return ORDERS.reduce((best, order) => (fit(order) > fit(best) + 1e-9 ? order : best));
}

/** The axial, coronal and sagittal plane of a reference grid. */
export function viewPlanes(grid: GridBody): Readonly<Record<PlaneName, ViewPlane>> {
  const affine = affineOf(grid);
  const [leftAxis, posteriorAxis, superiorAxis] = nearestAxes(grid);
  const along = (axis: Axis, wanted: Vector3): Vector3 => {
    const direction = normalise(axisStep(affine, axis));
    return dot(direction, wanted) < 0 ? scale(direction, -1) : direction;
  };
  const plane = (name: PlaneName, rightAxis: Axis, upAxis: Axis, axis: Axis): ViewPlane => {
    const frame = FRAMES[name];
    const right = along(rightAxis, frame.right);
    // A sheared grid (tilted gantry) has axes that are not at right angles: the part across `right` is what points up.
    const leaning = along(upAxis, frame.up);
    const up = normalise(subtract(leaning, scale(right, dot(leaning, right))));
    const normal = cross(right, up);
    const step = axisStep(affine, axis);
    const tilt = Math.min(1, Math.abs(dot(normal, cross(frame.right, frame.up))));
    return {
      name,
      right,
      up,
      normal,
      axis,
      slices: grid.size[axis],
      step,
      obliqueDegrees: (Math.acos(tilt) * 180) / Math.PI,
      railSign: dot(step, frame.railTop) >= 0 ? 1 : -1,
    };
  };
  return {
    axial: plane('axial', leftAxis, posteriorAxis, superiorAxis),
    coronal: plane('coronal', leftAxis, superiorAxis, posteriorAxis),
    sagittal: plane('sagittal', posteriorAxis, superiorAxis, leftAxis),
  };
}

/** The slice of `plane` nearest to a point, held inside the reference volume. */
export function sliceAt(grid: GridBody, plane: ViewPlane, lps: Vector3): number {
  return Math.min(plane.slices - 1, Math.max(0, Math.round(lpsToIndex(grid, lps)[plane.axis])));
}

/** A point moved along the slice axis onto slice `slice`; the other two indices stay. */
export function onSlice(grid: GridBody, plane: ViewPlane, lps: Vector3, slice: number): Vector3 {
  const index = lpsToIndex(grid, lps);
  const moved: [number, number, number] = [index[0], index[1], index[2]];
  moved[plane.axis] = Math.min(plane.slices - 1, Math.max(0, slice));
  return applyAffine(affineOf(grid), moved);
}

/** Distance in mm between neighbouring slices, measured across the plane. */
export function sliceDistanceMm(plane: ViewPlane): number {
  return Math.abs(dot(plane.step, plane.normal)) || length(plane.step);
}
