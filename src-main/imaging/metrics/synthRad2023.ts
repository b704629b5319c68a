/**
 * The image metrics of the SynthRAD2023 challenge (`functions/image_metrics.py`, version of 14 July 2023), on the whole 3-D
 * volume inside the mask (> 0), range R = 3000 − (−1024) = 4024:
 * MAE without clipping; PSNR = 10·log10(R² / MSE) with both clipped to [−1024, 3000]; SSIM with both clipped, set to −1024 outside
 * the mask and shifted by 1024 (see `structuralSimilarity.ts`). The mask is used as it is given, without further dilation.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import { structuralSimilarity } from './structuralSimilarity.ts';

const LOW_HU = -1024;
const HIGH_HU = 3000;
const RANGE_HU = HIGH_HU - LOW_HU;

export interface SynthRadMetrics {
  readonly maskVoxels: number;
  /** Null when the mask is empty. */
  readonly maeHu: number | null;
  /** Null when the mask is empty, or when both agree exactly (there is no finite value). */
  readonly psnrDb: number | null;
  /** Null when a side is shorter than 7 voxels or no masked voxel lies 3 voxels inside the volume. */
  readonly ssim: number | null;
}

/** Compares `sct` with the reference `ct`, both in HU on one grid. Throws VOLUME_NOT_FINITE for values that are no numbers. */
export function synthRad2023Metrics(
  ct: ArrayLike<number>,
  sct: ArrayLike<number>,
  mask: ArrayLike<number>,
  size: Vector3,
): SynthRadMetrics {
  const count = size[0] * size[1] * size[2];
  if (ct.length !== count || sct.length !== count || mask.length !== count) {
    throw new RangeError('CT, synthetic CT and mask must have the size of the grid.');
  }
  let maskVoxels = 0;
  let absolute = 0;
  let squared = 0;
  let notFinite = 0;
  for (let at = 0; at < count; at++) {
    if (!((mask[at] as number) > 0)) continue;
    const a = ct[at] as number;
    const b = sct[at] as number;
    maskVoxels++;
    if (!Number.isFinite(a) || !Number.isFinite(b)) notFinite++;
    absolute += Math.abs(a - b);
    squared += (clip(a) - clip(b)) ** 2;
  }
  if (notFinite > 0) {
    throw new AppError('VOLUME_NOT_FINITE', { path: 'the CT or the synthetic CT', count: notFinite });
  }
  if (maskVoxels === 0) return { maskVoxels, maeHu: null, psnrDb: null, ssim: null };
  const plane = size[0] * size[1];
  const fill = (k: number, a: Float64Array, b: Float64Array): void => {
    for (let at = 0, from = plane * k; at < plane; at++, from++) {
      const counts = (mask[from] as number) > 0;
      a[at] = counts ? clip(ct[from] as number) - LOW_HU : 0;
      b[at] = counts ? clip(sct[from] as number) - LOW_HU : 0;
    }
  };
  return {
    maskVoxels,
    maeHu: absolute / maskVoxels,
    psnrDb: squared > 0 ? 10 * Math.log10((RANGE_HU * RANGE_HU * maskVoxels) / squared) : null,
    ssim: structuralSimilarity(fill, mask, size, RANGE_HU),
  };
}

function clip(valueHu: number): number {
  return valueHu < LOW_HU ? LOW_HU : valueHu > HIGH_HU ? HIGH_HU : valueHu;
}
