/**
 * How the normalised intensities of an MR are distributed inside the body: a histogram of [−1, 1] that sums to 1. Contrast (T1 or T2,
 * fat suppression) changes it far more than anatomy does, so its distance to the training cases' tells whether a model knows such images.
 */
export const profileBins = 32;

/** Histogram of `values` in [−1, 1] where `mask` is not 0; all zero for an empty mask. */
export function intensityProfile(values: ArrayLike<number>, mask: ArrayLike<number>): number[] {
  const counts = new Array<number>(profileBins).fill(0);
  let total = 0;
  for (let at = 0; at < values.length; at++) {
    if (!mask[at]) continue;
    const bin = Math.min(
      profileBins - 1,
      Math.max(0, Math.floor((((values[at] as number) + 1) / 2) * profileBins)),
    );
    counts[bin] = (counts[bin] ?? 0) + 1;
    total++;
  }
  return total === 0 ? counts : counts.map((count) => count / total);
}

/** Total variation distance of two profiles: 0 for equal ones, 1 for ones that share no intensity. */
export function profileDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, bin) => sum + Math.abs(share - (b[bin] ?? 0)), 0) / 2;
}

export interface ProfileRange {
  /** Mean profile of the training cases. */
  readonly mean: number[];
  /** Largest distance of a training case to that mean. */
  readonly largestDistance: number;
}

/** Mean of some profiles and how far they lie from it. */
export function profileRange(profiles: readonly (readonly number[])[]): ProfileRange {
  const mean = Array.from(
    { length: profileBins },
    (_, bin) =>
      profiles.reduce((sum, profile) => sum + (profile[bin] ?? 0), 0) / Math.max(1, profiles.length),
  );
  return { mean, largestDistance: Math.max(0, ...profiles.map((profile) => profileDistance(profile, mean))) };
}
