import { describe, expect, it } from 'vitest';
import {
  intensityProfile,
  profileBins,
  profileDistance,
  profileRange,
} from '../../../../src-main/imaging/intensity/intensityProfile.ts';

const at = (...bins: number[]): number[] =>
  Array.from({ length: profileBins }, (_, bin) => bins.filter((one) => one === bin).length / bins.length);

describe('the intensity profile', () => {
  it('is the share of the body’s voxels in each of 32 bins of [−1, 1]', () => {
    const values = [-1, -0.99, 0, 0.999, 1, 0.5];
    expect(intensityProfile(values, [1, 1, 1, 1, 1, 0])).toEqual(at(0, 0, 16, 31, 31));
  });

  it('counts values beyond the range at its ends, and is zero for an empty mask', () => {
    expect(intensityProfile([-7, 3], [1, 1])).toEqual(at(0, 31));
    expect(intensityProfile([0, 0], [0, 0])).toEqual(new Array(profileBins).fill(0));
  });

  it('does not depend on how many voxels there are', () => {
    const values = Array.from({ length: 640 }, (_, n) => Math.sin(n));
    const twice = [...values, ...values];
    const mask = (length: number): number[] => new Array(length).fill(1) as number[];
    const once = intensityProfile(values, mask(640));
    expect(profileDistance(once, intensityProfile(twice, mask(1280)))).toBeLessThan(1e-12);
    expect(once.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});

describe('the distance of profiles', () => {
  it('is 0 for equal ones, 1 for disjoint ones, the moved share between, and symmetric', () => {
    expect(profileDistance(at(3, 5), at(3, 5))).toBe(0);
    expect(profileDistance(at(3, 5), at(7, 9))).toBe(1);
    expect(profileDistance(at(3, 5, 5, 6), at(3, 5, 5, 9))).toBeCloseTo(0.25, 12);
    expect(profileDistance(at(1, 2, 2), at(2, 4, 4))).toBe(profileDistance(at(2, 4, 4), at(1, 2, 2)));
  });
});

describe('the range of training profiles', () => {
  it('is their mean and the largest distance of one of them to it', () => {
    const { mean, largestDistance } = profileRange([at(0), at(0), at(0), at(31)]);
    expect([mean[0], mean[31]]).toEqual([0.75, 0.25]);
    expect(largestDistance).toBeCloseTo(0.75, 12);
  });

  it('of one profile is that profile with distance 0', () => {
    expect(profileRange([at(4, 8)])).toEqual({ mean: at(4, 8), largestDistance: 0 });
  });
});
