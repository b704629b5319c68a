/**
 * Which voxels closed planar contours hold: those whose centre lies inside, by the even-odd rule, so that a contour within another one is
 * a hole and a keyhole (a channel that leads to a hole and back) is one too.
 *
 * Source: DICOM PS3.3 C.8.8.6.3 (contours). A contour belongs to the slice nearest to it; where contours of several planes are nearest to
 * one slice (they were drawn on thinner slices), the nearest plane counts alone. Limits: contours across the slices (sagittal ones on an
 * axial volume) bound no area here; they are counted and left out.
 */
import { applyAffine, invertAffine } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';

export interface ContourVoxels {
  /** Voxel indices `i + nx (j + ny k)`, ascending within a slice, each once. */
  readonly indices: Uint32Array;
  /** Contours further than half a spacing from every slice. */
  readonly outside: number;
  /** Contours that lean more than half a spacing out of a slice. */
  readonly offPlane: number;
  /** Contours that lie between slices, more than a tenth of the spacing away from the nearest. */
  readonly between: number;
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
export function contourVoxels(contours: readonly Float64Array[], grid: Grid): ContourVoxels {
  const [nx, ny, nz] = grid.size;
  const counts = { outside: 0, offPlane: 0, between: 0 };
  const bySlice = new Map<number, PlacedContour[]>();
  for (const { lean, ...contour } of placeContours(contours, grid)) {
    const slice = Math.round(contour.place);
    if (lean > mostLean) counts.offPlane++;
    else if (!(slice >= 0 && slice < nz)) counts.outside++;
    else {
      if (Math.abs(contour.place - slice) > betweenSlices) counts.between++;
      bySlice.set(slice, [...(bySlice.get(slice) ?? []), contour]);
    }
  }
  const indices: number[] = [];
  for (const [slice, all] of [...bySlice].sort(([a], [b]) => a - b)) {
    const outlines = nearestPlane(all, slice).map(({ outline }) => outline);
    forEachSpan(outlines, nx, ny, (from, to, j) => {
      const row = nx * (j + ny * slice);
      for (let i = from; i <= to; i++) indices.push(row + i);
    });
  }
  return { indices: Uint32Array.from(indices), ...counts };
}

/** Contours in voxel indices, with how far each leans out of its slice, in slices. */
function placeContours(
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

/** Calls `visit` for every run of pixels `from`…`to` of row `j` whose centres lie inside an odd number of outlines. */
function forEachSpan(
  outlines: readonly Float64Array[],
  nx: number,
  ny: number,
  visit: (from: number, to: number, j: number) => void,
): void {
  const crossings: number[][] = Array.from({ length: ny }, () => []);
  for (const outline of outlines) {
    for (let at = 0; at < outline.length; at += 2) {
      const next = (at + 2) % outline.length;
      const [x0 = NaN, y0 = NaN] = [outline[at], outline[at + 1]];
      const [x1 = NaN, y1 = NaN] = [outline[next], outline[next + 1]];
      // Half-open, so that a row through a corner is crossed once, and a horizontal edge never.
      const first = Math.max(0, Math.ceil(Math.min(y0, y1)));
      const end = Math.min(ny - 1, Math.ceil(Math.max(y0, y1)) - 1);
      for (let j = first; j <= end; j++) crossings[j]?.push(x0 + ((j - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  crossings.forEach((row, j) => {
    row.sort((a, b) => a - b);
    for (let at = 0; at + 1 < row.length; at += 2) {
      const from = Math.max(0, Math.ceil(row[at] ?? NaN));
      const to = Math.min(nx - 1, Math.ceil(row[at + 1] ?? NaN) - 1);
      if (from <= to) visit(from, to, j);
    }
  });
}
