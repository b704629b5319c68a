/**
 * Which source slices each slice of a derived volume was made from: on the source's own grid the one at its place, on another grid those
 * between which it lies, all those it crosses where it is oblique to them. Both are in one patient space (LPS, mm).
 */
import { affineAxes, affineSpacing, applyAffine, type Vector3 } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';
import { imageNormal } from './sliceGeometry.ts';
import type { SourceSeries, SourceSlice } from './sourceSeries.ts';

export interface MatchedSlices {
  /** Per k of the grid; empty where it lies beyond the stack and no source slice is within one distance of source slices. */
  readonly slices: readonly (readonly SourceSlice[])[];
  /** Whether the grid is the source's own: every voxel is where a source pixel is. */
  readonly sameGrid: boolean;
}

const toleranceMm = 0.01;

/** Matches every slice of `grid` with slices of `source`. */
export function matchSourceSlices(grid: Grid, source: SourceSeries): MatchedSlices {
  const sameGrid = isSourceGrid(grid, source);
  const normal = imageNormal(source.imageOrientationPatient);
  const along = ([x, y, z]: Vector3): number => x * normal[0] + y * normal[1] + z * normal[2];
  const places = source.slices.map(({ imagePositionPatient }) => along(imagePositionPatient));
  const [nx, ny, nz] = grid.size;
  const reach = planeDistance(source, places) - toleranceMm;
  const slices = Array.from({ length: nz }, (_, k): readonly SourceSlice[] => {
    if (sameGrid) return source.slices.slice(k, k + 1);
    const corners = [0, 1, 2, 3].map((corner) =>
      along(applyAffine(grid.indexToLps, [(corner & 1) * (nx - 1), (corner >> 1) * (ny - 1), k])),
    );
    const [low, high] = [Math.min(...corners), Math.max(...corners)];
    const before = places.findLastIndex((place) => place <= low + toleranceMm);
    const after = places.findIndex((place) => place >= high - toleranceMm);
    if (before >= 0 && after >= 0) return source.slices.slice(before, after + 1);
    return source.slices.filter((_slice, at) => {
      const place = places[at] ?? NaN;
      return place >= low - reach && place <= high + reach;
    });
  });
  return { slices, sameGrid };
}

/** Between the planes of neighbouring source slices, mm: shorter than the way between their centres where the stack is tilted. */
function planeDistance({ slices, spacingMm }: SourceSeries, places: readonly number[]): number {
  const [first, last] = [slices[0], slices.at(-1)];
  if (first === undefined || last === undefined || slices.length === 1) return spacingMm[2];
  const way = Math.hypot(
    ...last.imagePositionPatient.map((mm, axis) => mm - (first.imagePositionPatient[axis] ?? NaN)),
  );
  return (spacingMm[2] * Math.abs((places.at(-1) ?? NaN) - (places[0] ?? NaN))) / way;
}

function isSourceGrid(grid: Grid, source: SourceSeries): boolean {
  const [row, column] = affineAxes(grid.indexToLps);
  const [si, sj] = affineSpacing(grid.indexToLps);
  const near = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
    a.every((value, at) => Math.abs(value - (b[at] ?? NaN)) <= tolerance);
  return (
    near(grid.size, [source.columns, source.rows, source.slices.length], 0) &&
    near([...row, ...column], source.imageOrientationPatient, 1e-4) &&
    near([si, sj], source.spacingMm.slice(0, 2), 1e-4) &&
    source.slices.every(({ imagePositionPatient }, k) =>
      // An even stack follows its positions only as closely as the scanner rounded them.
      near(
        applyAffine(grid.indexToLps, [0, 0, k]),
        imagePositionPatient,
        toleranceMm + 0.05 * source.spacingMm[2],
      ),
    )
  );
}
