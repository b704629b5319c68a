/** HU of a case's CT and of an sCT inside every region of a structure set. */
import { z } from 'zod';
import { boundsArea, type RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { forEachContourRun } from '../../imaging/mask/contourRuns.ts';
import { placeContours, type PlacedContours } from '../../imaging/mask/placeContours.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { affineDeterminant } from '../../shared/affine.ts';
import { type Grid, sameGrid, type Volume, type VoxelArray } from '../../shared/volume.ts';
import { placedPoints, type StructurePlace } from './structurePlace.ts';

const regionValuesSchema = z.object({
  /** Voxels that the image reaches. */
  voxels: z.number(),
  mean: z.number(),
  /** Of all these voxels (divided by their number). */
  standardDeviation: z.number(),
  min: z.number(),
  max: z.number(),
});

export const regionStatisticsSchema = z.object({
  number: z.number(),
  name: z.string(),
  /** On the grid the contours lie on. */
  voxels: z.number(),
  volumeMl: z.number(),
  /** Null where there is no such image, or none of it inside. */
  ct: regionValuesSchema.nullable(),
  sct: regionValuesSchema.nullable(),
});

export type RegionValues = Readonly<z.infer<typeof regionValuesSchema>>;
export type RegionStatistics = Readonly<z.infer<typeof regionStatisticsSchema>>;

/** `grid`: that of the image the set was drawn on, where it lies now; images on other grids are interpolated linearly on it. HU. */
export function structureStatistics(
  { rois }: RtStructureSet,
  { grid, ...place }: Pick<StructurePlace, 'motion'> & { readonly grid: Grid },
  images: { readonly ct?: Volume; readonly sct?: Volume },
): RegionStatistics[] {
  const ct = images.ct && onGrid(images.ct, grid);
  const sct = images.sct && onGrid(images.sct, grid);
  const voxelMl = Math.abs(affineDeterminant(grid.indexToLps)) / 1000;
  return rois.map(({ number, name, contours }) => {
    const areas = contours.filter(boundsArea).map((contour) => placedPoints(contour, place));
    const placed = placeContours(areas, grid);
    let voxels = 0;
    forEachContourRun(placed, grid, (_first, length) => (voxels += length));
    return {
      number,
      name,
      voxels,
      volumeMl: voxels * voxelMl,
      ct: ct ? valuesIn(ct, placed, grid) : null,
      sct: sct ? valuesIn(sct, placed, grid) : null,
    };
  });
}

/** Voxels that the image does not reach are NaN. */
function onGrid(volume: Volume, grid: Grid): VoxelArray {
  return sameGrid(volume.grid, grid)
    ? volume.data
    : resampleVolume(volume, grid, { interpolation: 'linear', outside: NaN }).data;
}

function valuesIn(data: VoxelArray, placed: PlacedContours, grid: Grid): RegionValues | null {
  let [voxels, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  forEachContourRun(placed, grid, (first, length) => {
    for (let index = first; index < first + length; index++) {
      const value = data[index] ?? NaN;
      if (Number.isNaN(value)) continue;
      // Welford's running mean and sum of squares.
      voxels++;
      const from = value - mean;
      mean += from / voxels;
      squares += from * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  });
  return voxels === 0 ? null : { voxels, mean, standardDeviation: Math.sqrt(squares / voxels), min, max };
}
