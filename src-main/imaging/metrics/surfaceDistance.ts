/**
 * Symmetric distance between the surfaces of two binary masks on one grid, in mm (see `surfaceErrors`). Mean: over the surface voxels of
 * both together. 95 %: the larger of the two directed 95th percentiles (HD95).
 */
import type { Vector3 } from '../../shared/affine.ts';
import { percentiles } from '../intensity/percentiles.ts';
import { surfaceErrors } from './surfaceErrors.ts';

export interface SurfaceDistance {
  readonly meanMm: number;
  readonly hd95Mm: number;
}

/** The distance between `first` and `second` (non-zero is in); null when either has no surface. */
export function surfaceDistance(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  size: Vector3,
  spacingMm: Vector3,
): SurfaceDistance | null {
  const errors = surfaceErrors(first, second, size, spacingMm);
  if (!errors) return null;
  const [there, back] = [errors[0].distanceMm, errors[1].distanceMm];
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    meanMm: (sum(there) + sum(back)) / (there.length + back.length),
    hd95Mm: Math.max(percentiles(there, [95])[0] ?? 0, percentiles(back, [95])[0] ?? 0),
  };
}
