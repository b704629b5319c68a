/**
 * Contours of structure sets on the slices of the reference volume: those that lie on the slice are drawn as they are; where those of other
 * planes cross it, strokes as long as their slices are thick mark the edge. A contour lies on the slice nearest to it, half a slice away at most.
 */
import type { StructureSetBody } from '../../src-main/api/contract/cases.ts';
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import { add, affineOf, axisStep, lpsToIndex, scale, subtract, type Vector3 } from './geometry.ts';
import { toScreen, type Projection, type ScreenPoint } from './viewProjection.ts';
import type { ViewPlane } from './viewPlane.ts';

/** A contour with where it lies in the volume. */
export interface PlacedContour {
  readonly closed: boolean;
  readonly points: readonly PlacedPoint[];
  /** Smallest and largest index along i, j, k. */
  readonly low: Vector3;
  readonly high: Vector3;
  /** LPS, from the contour to the edge of the slice it lies on. */
  readonly halfStep: Vector3;
}

interface PlacedPoint {
  readonly lps: Vector3;
  readonly index: Vector3;
}

type Contour = StructureSetBody['regions'][number]['contours'][number];

const axes = [0, 1, 2] as const;
/** Flat enough to lie in a slice, in slices. */
const mostLean = 0.5;

export function placeContour({ closed, points: flat }: Contour, grid: GridBody): PlacedContour {
  const points: PlacedPoint[] = [];
  for (let at = 0; at + 2 < flat.length; at += 3) {
    const lps: Vector3 = [flat[at] ?? NaN, flat[at + 1] ?? NaN, flat[at + 2] ?? NaN];
    points.push({ lps, index: lpsToIndex(grid, lps) });
  }
  const extreme = (choose: (...values: number[]) => number, axis: 0 | 1 | 2): number =>
    points.reduce((best, { index }) => choose(best, index[axis]), points[0]?.index[axis] ?? NaN);
  const low: Vector3 = [extreme(Math.min, 0), extreme(Math.min, 1), extreme(Math.min, 2)];
  const high: Vector3 = [extreme(Math.max, 0), extreme(Math.max, 1), extreme(Math.max, 2)];
  const extent = subtract(high, low);
  const flattest = axes.reduce((best, axis) => (extent[axis] < extent[best] ? axis : best));
  return { closed, points, low, high, halfStep: scale(axisStep(affineOf(grid), flattest), 0.5) };
}

/** The path (SVG) of contours on `slice` of `plane`; '' where none is there. */
export function contourPath(
  contours: readonly PlacedContour[],
  { axis }: Pick<ViewPlane, 'axis'>,
  slice: number,
  view: Projection,
): string {
  let path = '';
  for (const contour of contours) {
    const [low, high] = [contour.low[axis], contour.high[axis]];
    if (high - low <= mostLean) {
      if (Math.round((low + high) / 2) === slice) path += outline(contour, view);
    } else if (low <= slice && slice <= high) path += edges(contour, axis, slice, view);
  }
  return path;
}

function outline({ points, closed }: PlacedContour, view: Projection): string {
  const screen = points.map(({ lps }) => toScreen(view, lps));
  const [first] = screen;
  if (!first) return '';
  // A single point is drawn as a small cross.
  if (screen.length === 1) return `M${first[0] - 4} ${first[1]}h8M${first[0]} ${first[1] - 4}v8`;
  return `M${screen.map(write).join('L')}${closed ? 'Z' : ''}`;
}

/** Strokes where a closed contour enters the slice and leaves it. */
function edges(
  { points, closed, halfStep }: PlacedContour,
  axis: 0 | 1 | 2,
  slice: number,
  view: Projection,
): string {
  if (!closed) return '';
  let path = '';
  points.forEach((from, at) => {
    const to = points[(at + 1) % points.length] ?? from;
    const [a, b] = [from.index[axis] - slice, to.index[axis] - slice];
    if (a < 0 === b < 0) return;
    const crossing = add(from.lps, scale(subtract(to.lps, from.lps), a / (a - b)));
    const ends = [subtract(crossing, halfStep), add(crossing, halfStep)];
    path += `M${ends.map((end) => write(toScreen(view, end))).join('L')}`;
  });
  return path;
}

const write = ([x, y]: ScreenPoint): string => `${x.toFixed(2)} ${y.toFixed(2)}`;
