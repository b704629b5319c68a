import { composeAffine, type Affine } from '../../shared/affine.ts';
import type { Grid, Volume, VoxelArray } from '../../shared/volume.ts';

/**
 * A volume at another place of patient space: its voxels stay as they were acquired, `motion` (LPS mm → LPS mm) goes into its grid.
 * Nothing is interpolated, so that whoever needs other voxels resamples once.
 */
export function moveVolume<T extends VoxelArray>(volume: Volume<T>, motion: Affine): Volume<T> {
  return { grid: moveGrid(volume.grid, motion), data: volume.data };
}

/** A grid at another place. */
export function moveGrid({ size, indexToLps }: Grid, motion: Affine): Grid {
  return { size, indexToLps: composeAffine(motion, indexToLps) };
}
