/** On which grid an sCT leaves: the MR's own, or resampled for systems that want axial slices. */
import { affineSpacing } from '../../shared/affine.ts';
import type { Grid, Volume } from '../../shared/volume.ts';
import { axialGridAbout, planningSpacingMm } from '../../imaging/resample/axialGrid.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';

export const exportGrids = ['mr', 'axial'] as const;
export type ExportGrid = (typeof exportGrids)[number];

/** Air: what lies outside the MR. */
const outsideHu = -1024;

/** The grid on which an sCT on `own` is written. */
export function gridToWrite(own: Grid, wanted: ExportGrid): Grid {
  return wanted === 'mr' ? own : axialGridAbout(own);
}

/** The sCT on that grid; HU are rounded where it is resampled. */
export function onExportGrid(volume: Volume, wanted: ExportGrid): Volume {
  if (wanted === 'mr') return volume;
  const { grid, data } = resampleVolume(volume, gridToWrite(volume.grid, wanted), {
    interpolation: 'linear',
    outside: outsideHu,
  });
  return { grid, data: Int16Array.from(data, Math.round) };
}

/** What was done to the sCT, for Derivation Description; undefined on the MR's grid. */
export function resamplingSentence({ size, indexToLps }: Grid, wanted: ExportGrid): string | undefined {
  if (wanted === 'mr') return undefined;
  const spacing = affineSpacing(indexToLps).map((mm) => Number(mm.toFixed(3)));
  return `Resampled from the grid of the MR (${size.join('x')} voxels of ${spacing.join('x')} mm) to axial slices of ${planningSpacingMm.join('x')} mm, linear, HU rounded, outside ${outsideHu} HU.`;
}
