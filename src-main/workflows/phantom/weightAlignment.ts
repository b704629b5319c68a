/**
 * Did the weight maps find the misalignment? Pixels whose CT is right are compared with pixels whose CT is wrong, which only a phantom
 * knows. Weights are averages over visits of a training run, relative to the mean over their batch (1 = average pixel).
 */
import { areaUnderCurve } from './areaUnderCurve.ts';

export interface WeightedPixels {
  /** Mean relative weight of every pixel. */
  readonly weight: Float32Array;
  /** Share of the visits in which u was positive. */
  readonly positiveShare: Float32Array;
  /** Not 0 where the CT is wrong. */
  readonly wrong: Uint8Array;
}

export interface PixelGroup {
  readonly pixels: number;
  /** Null for an empty group. */
  readonly positiveShare: number | null;
  readonly meanWeight: number | null;
}

export interface WeightAlignment {
  readonly right: PixelGroup;
  readonly wrong: PixelGroup;
  /** Probability that a right pixel weighs more than a wrong one; 0.5 says that the weights know nothing. Null without both groups. */
  readonly auc: number | null;
}

/** Compares the pixels where `counting` is not 0; all arrays have the same length. */
export function weightAlignment(
  { weight, positiveShare, wrong }: WeightedPixels,
  counting: Uint8Array,
): WeightAlignment {
  const weightsWhere = (isWrong: boolean): Float32Array =>
    weight.filter((_, at) => counting[at] !== 0 && (wrong[at] !== 0) === isWrong);
  const groupOf = (weights: Float32Array, isWrong: boolean): PixelGroup => {
    const pixels = weights.length;
    if (pixels === 0) return { pixels, positiveShare: null, meanWeight: null };
    let positive = 0;
    let sum = 0;
    for (const value of weights) sum += value;
    for (let at = 0; at < wrong.length; at++)
      if (counting[at] !== 0 && (wrong[at] !== 0) === isWrong) positive += positiveShare[at] ?? 0;
    return { pixels, positiveShare: positive / pixels, meanWeight: sum / pixels };
  };
  const right = weightsWhere(false);
  const wrongs = weightsWhere(true);
  return { right: groupOf(right, false), wrong: groupOf(wrongs, true), auc: areaUnderCurve(right, wrongs) };
}
