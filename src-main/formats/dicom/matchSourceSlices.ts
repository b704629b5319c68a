/**
 * Which source slice each slice of a derived volume was made from: the nearest along the source's normal. Both are in one
 * patient space (LPS, mm).
 */
import { affineAxes, affineSpacing, applyAffine, type Vector3 } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';
import { imageNormal } from './sliceGeometry.ts';
import type { SourceSeries, SourceSlice } from './sourceSeries.ts';

export interface MatchedSlices {
  /** Per k of the grid; undefined when no source slice lies within one source spacing. */
  readonly slices: readonly (SourceSlice | undefined)[];
  /** Whether the grid is the source's own: every voxel is where a source pixel is. */
  readonly sameGrid: boolean;
}

const toleranceMm = 0.01;

/** Matches every slice of `grid` with a slice of `source`. */
export function matchSourceSlices(grid: Grid, source: SourceSeries): MatchedSlices {
  const normal = imageNormal(source.imageOrientationPatient);
  const along = ([x, y, z]: Vector3): number => x * normal[0] + y * normal[1] + z * normal[2];
  const places = source.slices.map(({ imagePositionPatient }) => along(imagePositionPatient));
  const [nx, ny, nz] = grid.size;
  const slices = Array.from({ length: nz }, (_, k) => {
    const place = along(applyAffine(grid.indexToLps, [(nx - 1) / 2, (ny - 1) / 2, k]));
    const distances = places.map((candidate) => Math.abs(candidate - place));
    const nearest = distances.indexOf(Math.min(...distances));
    return (distances[nearest] ?? Infinity) <= source.spacingMm[2] ? source.slices[nearest] : undefined;
  });
  return { slices, sameGrid: isSourceGrid(grid, source) };
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
