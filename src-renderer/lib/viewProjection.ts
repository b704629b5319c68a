/** Between a viewport's pixels and patient space. Pixels are CSS pixels from the viewport's top left corner. */
import { add, dot, scale, subtract, type Vector3 } from './geometry.ts';

export interface Projection {
  readonly width: number;
  readonly height: number;
  /** The point of the plane in the middle of the viewport, LPS mm. */
  readonly centre: Vector3;
  readonly right: Vector3;
  readonly up: Vector3;
  readonly mmPerPixel: number;
}

export type ScreenPoint = readonly [x: number, y: number];

/** Where a point (or its foot on the plane) is drawn. */
export function toScreen(view: Projection, lps: Vector3): ScreenPoint {
  const from = subtract(lps, view.centre);
  return [
    view.width / 2 + dot(from, view.right) / view.mmPerPixel,
    view.height / 2 - dot(from, view.up) / view.mmPerPixel,
  ];
}

/** The point of the plane under a pixel, LPS mm. */
export function toLps(view: Projection, [x, y]: ScreenPoint): Vector3 {
  const right = (x - view.width / 2) * view.mmPerPixel;
  const up = (view.height / 2 - y) * view.mmPerPixel;
  return add(view.centre, add(scale(view.right, right), scale(view.up, up)));
}
