/**
 * MR intensities → [−1, 1]: the 0.5 and 99.5 percentiles inside the body become −1 and 1, values beyond are clipped.
 * MR has no absolute unit, so the parameters are fitted per volume and recorded with it.
 */
import { AppError } from '../../shared/appError.ts';
import { percentiles } from './percentiles.ts';

export interface MrNormalisation {
  readonly lowPercentile: number;
  readonly highPercentile: number;
  /** The intensity that becomes −1. */
  readonly low: number;
  /** The intensity that becomes 1. */
  readonly high: number;
}

/** Fits the rule to the voxels of `mask`. Throws NO_BODY_FOUND when they are none, or all of one value. */
export function fitMrNormalisation(
  data: ArrayLike<number>,
  mask: ArrayLike<number>,
  { lowPercentile = 0.5, highPercentile = 99.5, subject = 'the MR' } = {},
): MrNormalisation {
  const [low, high] = percentiles(data, [lowPercentile, highPercentile], mask);
  if (low === undefined || high === undefined) {
    throw new AppError('NO_BODY_FOUND', {
      subject,
      reason: 'the body mask holds no voxel with a finite value',
    });
  }
  if (!(high > low)) {
    throw new AppError('NO_BODY_FOUND', { subject, reason: `all intensities in the body are ${low}` });
  }
  return { lowPercentile, highPercentile, low, high };
}

/** `data` mapped to [−1, 1] and clipped; values that are not finite become −1. */
export function normaliseMr(data: ArrayLike<number>, { low, high }: MrNormalisation): Float32Array {
  const out = new Float32Array(data.length);
  const scale = 2 / (high - low);
  for (let at = 0; at < out.length; at++) {
    const value = ((data[at] as number) - low) * scale - 1;
    out[at] = value > -1 ? Math.min(value, 1) : -1;
  }
  return out;
}
