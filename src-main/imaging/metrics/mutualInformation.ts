/**
 * Mutual information between a CT and an MR inside the body: how well the pair is aligned, as far as one number can tell. It also
 * rises with contrast and anatomical extent and falls with noise, so it ranks pairs of one scanner and protocol best.
 *
 * From a joint histogram with clipped values (CT −1000…1500 HU, MR between its 0.5 and 99.5 percentiles inside the mask), 64 × 64
 * bins: MI = Σ p(a,b)·ln(p(a,b) / (p(a)·p(b))) in nats; the normalised form is Studholme's (H(A) + H(B)) / H(A,B), from 1 to 2
 * (C. Studholme et al., Pattern Recognition 32, 1999).
 */
import { percentiles } from '../intensity/percentiles.ts';

export interface MutualInformationOptions {
  readonly bins?: number;
  readonly ctRangeHu?: readonly [number, number];
  readonly mrPercentiles?: readonly [number, number];
}

export interface MutualInformation {
  /** Nats. */
  readonly mutualInformation: number;
  /** 1 (independent) … 2 (each determines the other). */
  readonly normalised: number;
  readonly voxels: number;
}

/** Compares `ct` (HU) and `mr` on one grid inside `mask`. Null where undefined: an empty mask, or both constant inside. */
export function mutualInformation(
  ct: ArrayLike<number>,
  mr: ArrayLike<number>,
  mask: ArrayLike<number>,
  { bins = 64, ctRangeHu = [-1000, 1500], mrPercentiles = [0.5, 99.5] }: MutualInformationOptions = {},
): MutualInformation | null {
  const [mrLow, mrHigh] = percentiles(mr, mrPercentiles, mask);
  if (mrLow === undefined || mrHigh === undefined) return null;
  const ctBin = binning(ctRangeHu[0], ctRangeHu[1], bins);
  const mrBin = binning(mrLow, mrHigh, bins);
  const joint = new Float64Array(bins * bins);
  let voxels = 0;
  for (let at = 0; at < ct.length; at++) {
    const a = ct[at] as number;
    const b = mr[at] as number;
    if (!((mask[at] as number) > 0) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    const cell = ctBin(a) * bins + mrBin(b);
    joint[cell] = (joint[cell] as number) + 1;
    voxels++;
  }
  if (voxels === 0) return null;
  const ofCt = new Float64Array(bins);
  const ofMr = new Float64Array(bins);
  joint.forEach((n, cell) => {
    const row = Math.floor(cell / bins);
    const column = cell % bins;
    ofCt[row] = (ofCt[row] as number) + n;
    ofMr[column] = (ofMr[column] as number) + n;
  });
  const [hCt, hMr, hJoint] = [entropy(ofCt, voxels), entropy(ofMr, voxels), entropy(joint, voxels)];
  if (!(hJoint > 0)) return null;
  return { mutualInformation: Math.max(0, hCt + hMr - hJoint), normalised: (hCt + hMr) / hJoint, voxels };
}

/** Bin of a value: equal bins over [low, high], values beyond in the outer ones, `high` itself in the last (as numpy). */
function binning(low: number, high: number, bins: number): (value: number) => number {
  const scale = high > low ? bins / (high - low) : 0;
  return (value) => Math.min(bins - 1, Math.max(0, Math.floor((value - low) * scale)));
}

function entropy(counts: Float64Array, total: number): number {
  let sum = 0;
  for (const n of counts) if (n > 0) sum -= (n / total) * Math.log(n / total);
  return sum;
}
