/**
 * Which voxels closed planar contours hold: those whose centre lies inside, by the even-odd rule, so that a contour within another one is
 * a hole and a keyhole (a channel that leads to a hole and back) is one too. They are told as runs along i: a region has millions of voxels,
 * and no list of them is ever made.
 *
 * Source: DICOM PS3.3 C.8.8.6.3 (contours).
 */
import type { Grid } from '../../shared/volume.ts';
import type { PlacedContours } from './placeContours.ts';

/** Calls `visit` with the first voxel index `i + nx (j + ny k)` and the length of every run, ascending; no voxel comes twice. */
export function forEachContourRun(
  { slices }: PlacedContours,
  { size: [nx, ny] }: Grid,
  visit: (first: number, length: number) => void,
): void {
  for (const [slice, outlines] of slices)
    forEachSpan(outlines, nx, ny, (from, to, j) => visit(from + nx * (j + ny * slice), to - from + 1));
}

/** Runs of pixels `from`…`to` of row `j` whose centres lie inside an odd number of outlines. */
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
