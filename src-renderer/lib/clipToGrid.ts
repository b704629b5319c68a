/** Cuts flat shapes to where a volume lies. */
import { affineOf, applyAffine, lpsToIndex, type Vector3 } from './geometry.ts';
import type { GridBody } from '../../src-main/api/contract/volumes.ts';

/** A point between a and b, `share` of the way. */
function between(a: Vector3, b: Vector3, share: number): Vector3 {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}

/** The part of a convex polygon on one side: where `inside` is not negative, which must be linear. */
function keepSide(polygon: readonly Vector3[], inside: (point: Vector3) => number): Vector3[] {
  return polygon.flatMap((point, at) => {
    const before = polygon.at(at - 1) ?? point;
    const [here, there] = [inside(point), inside(before)];
    const crossing = here < 0 === there < 0 ? [] : [between(before, point, there / (there - here))];
    return here < 0 ? crossing : [...crossing, point];
  });
}

/** The part of a convex polygon (LPS mm) inside the outer faces of a grid; empty where they do not meet. */
export function clipToGrid(polygon: readonly Vector3[], grid: GridBody): readonly Vector3[] {
  const toLps = affineOf(grid);
  let part: readonly Vector3[] = polygon.map((point) => lpsToIndex(grid, point));
  for (const axis of [0, 1, 2] as const) {
    const last = grid.size[axis] - 0.5;
    part = keepSide(part, (index) => index[axis] + 0.5);
    part = keepSide(part, (index) => last - index[axis]);
  }
  return part.length < 3 ? [] : part.map((index) => applyAffine(toLps, index));
}
