/** What a list of images tells of one: size, spacing and how it lies in the patient. */
import type { ImageSummary } from '../../api/contract/cases.ts';
import { affineAxes, affineSpacing, type Vector3 } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';

const planes = ['sagittal', 'coronal', 'axial'] as const;

/** Summary of an image called `name` on `grid`. */
export function imageSummary(name: string, grid: Grid): ImageSummary {
  return { name, ...grid, spacingMm: affineSpacing(grid.indexToLps), ...orientationOf(grid) };
}

/** The patient plane nearest to that of the slices (i, j), and the angle between the two in degrees, to a tenth. */
export function orientationOf({ indexToLps }: Grid): { orientation: string; obliqueDegrees: number } {
  const [i, j] = affineAxes(indexToLps);
  const normal: Vector3 = [i[1] * j[2] - i[2] * j[1], i[2] * j[0] - i[0] * j[2], i[0] * j[1] - i[1] * j[0]];
  const length = Math.hypot(...normal);
  const cosines = normal.map((part) => Math.abs(part) / length);
  const largest = Math.max(...cosines);
  const degrees = (Math.acos(Math.min(1, largest)) * 180) / Math.PI;
  return {
    orientation: planes[cosines.indexOf(largest)] ?? 'axial',
    obliqueDegrees: Math.round(degrees * 10) / 10,
  };
}
