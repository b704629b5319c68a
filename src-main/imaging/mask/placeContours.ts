/**
 * Closed planar contours on the slices they belong to.
 *
 * Source: DICOM PS3.3 C.8.8.6.3 (contours). A contour belongs to the slice nearest to it; where contours of several planes are nearest to
 * one slice (they were drawn on thinner slices), the nearest plane counts alone. Limits: contours across the slices (sagittal ones on an
 * axial volume) bound no area here; they are counted and left out.
 */
import { applyAffine, invertAffine } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';

export interface PlacedContours {
  /** By slice, ascending: i, j of the points of every outline, one after the other. */
  readonly slices: ReadonlyMap<number, readonly Float64Array[]>;
  /** Contours further than half a spacing from every slice. */
  readonly outside: number;
  /** Contours that lean more than half a spacing out of a slice. */
  readonly offPlane: number;
  /** Contours that lie between slices, more than a tenth of the spacing away from the nearest. */
  readonly between: number;
  /** Slices without a contour that have some below and above them: they count as empty. */
  readonly gaps: number;
}

/** A contour in voxel indices. */
interface PlacedContour {
  /** Where along k it lies, in slices. */
  readonly place: number;
  /** i, j of the points, one after the other. */
  readonly outline: Float64Array;
}

/** Two contours closer than this (in slices) lie in one plane. */
const samePlane = 0.02;
const betweenSlices = 0.1;
/** Leaning less than this is what rounded coordinates make. */
const mostLean = 0.5;

/** `contours`: per contour x, y, z of its points (mm, LPS), not closed. */
export function placeContours(contours: readonly Float64Array[], grid: Grid): PlacedContours {
  const counts = { outside: 0, offPlane: 0, between: 0 };
  const bySlice = new Map<number, PlacedContour[]>();
  for (const { lean, ...contour } of inIndices(contours, grid)) {
    const slice = Math.round(contour.place);
    if (lean > mostLean) counts.offPlane++;
    else if (!(slice >= 0 && slice < grid.size[2])) counts.outside++;
    else {
      if (Math.abs(contour.place - slice) > betweenSlices) counts.between++;
      const others = bySlice.get(slice);
      if (others) others.push(contour);
      else bySlice.set(slice, [contour]);
    }
  }
  const slices = new Map(
    [...bySlice]
      .sort(([a], [b]) => a - b)
      .map(([slice, all]) => [slice, nearestPlane(all, slice).map(({ outline }) => outline)] as const),
  );
  return { slices, ...counts, gaps: countGaps([...slices.keys()]) };
}

function countGaps(slices: readonly number[]): number {
  const [first, last] = [slices[0], slices.at(-1)];
  return first === undefined || last === undefined ? 0 : last - first + 1 - slices.length;
}

/** Contours in voxel indices, with how far each leans out of its slice, in slices. */
function inIndices(
  contours: readonly Float64Array[],
  { indexToLps }: Grid,
): (PlacedContour & { lean: number })[] {
  const toIndex = invertAffine(indexToLps);
  return contours.map((points) => {
    const count = Math.floor(points.length / 3);
    const outline = new Float64Array(2 * count);
    let [lowest, highest] = [Infinity, -Infinity];
    for (let at = 0; at < count; at++) {
      const [i, j, k] = applyAffine(toIndex, [
        points[3 * at] ?? NaN,
        points[3 * at + 1] ?? NaN,
        points[3 * at + 2] ?? NaN,
      ]);
      outline[2 * at] = i;
      outline[2 * at + 1] = j;
      lowest = Math.min(lowest, k);
      highest = Math.max(highest, k);
    }
    return { place: (lowest + highest) / 2, lean: highest - lowest, outline };
  });
}

function nearestPlane(contours: readonly PlacedContour[], slice: number): readonly PlacedContour[] {
  const away = ({ place }: PlacedContour): number => Math.abs(place - slice);
  const nearest = contours.reduce((best, contour) => (away(contour) < away(best) ? contour : best));
  return contours.filter(({ place }) => Math.abs(place - nearest.place) <= samePlane);
}
