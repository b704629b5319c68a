/** HU of a case's CT and of an sCT inside every region of a structure set. */
import { contourPoints, boundsArea, type RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { contourVoxels } from '../../imaging/mask/contourVoxels.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { affineDeterminant } from '../../shared/affine.ts';
import { type Grid, sameGrid, type Volume, type VoxelArray } from '../../shared/volume.ts';

export interface RegionValues {
  /** Voxels that the image reaches. */
  readonly voxels: number;
  readonly mean: number;
  /** Of all these voxels (divided by their number). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

export interface RegionStatistics {
  readonly number: number;
  readonly name: string;
  /** On the grid the contours lie on. */
  readonly voxels: number;
  readonly volumeMl: number;
  /** Null where there is no such image, or none of it inside. */
  readonly ct: RegionValues | null;
  readonly sct: RegionValues | null;
}

/** `grid`: that of the image the set was drawn on; images on other grids are interpolated linearly on it. HU. */
export function structureStatistics(
  { rois }: RtStructureSet,
  grid: Grid,
  images: { readonly ct?: Volume; readonly sct?: Volume },
): RegionStatistics[] {
  const ct = images.ct && onGrid(images.ct, grid);
  const sct = images.sct && onGrid(images.sct, grid);
  const voxelMl = Math.abs(affineDeterminant(grid.indexToLps)) / 1000;
  return rois.map(({ number, name, contours }) => {
    const { indices } = contourVoxels(contours.filter(boundsArea).map(contourPoints), grid);
    return {
      number,
      name,
      voxels: indices.length,
      volumeMl: indices.length * voxelMl,
      ct: ct ? valuesAt(ct, indices) : null,
      sct: sct ? valuesAt(sct, indices) : null,
    };
  });
}

/** Voxels that the image does not reach are NaN. */
function onGrid(volume: Volume, grid: Grid): VoxelArray {
  return sameGrid(volume.grid, grid)
    ? volume.data
    : resampleVolume(volume, grid, { interpolation: 'linear', outside: NaN }).data;
}

function valuesAt(data: VoxelArray, indices: Uint32Array): RegionValues | null {
  let [voxels, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (const index of indices) {
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
  return voxels === 0 ? null : { voxels, mean, standardDeviation: Math.sqrt(squares / voxels), min, max };
}
