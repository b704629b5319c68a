import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMonotoneLookup,
  fitMonotoneLookup,
  isotonicRegression,
} from '../../../../src-main/workflows/baselines/monotoneLookup.ts';
import {
  fitTissueConstant,
  paintTissueConstant,
} from '../../../../src-main/workflows/baselines/tissueConstant.ts';

describe('tissue constant', () => {
  it('paints the mean HU of each label over all pairs', () => {
    const constants = fitTissueConstant([
      { ctHu: [0, 100, 40], labels: [0, 1, 2] },
      { ctHu: [200, 60], labels: [1, 2] },
    ]);
    expect([...paintTissueConstant(constants, [1, 2, 1, 0, 7])]).toEqual([150, 50, 150, 0, -1024]);
  });
});

describe('isotonic regression', () => {
  it('pools what falls into weighted means', () => {
    expect([...isotonicRegression(Float64Array.of(1, 3, 2, 4), Float64Array.of(1, 1, 3, 1))]).toEqual([
      1, 2.25, 2.25, 4,
    ]);
  });

  it('passes over places without weight', () => {
    expect([...isotonicRegression(Float64Array.of(9, 1, 9, 2), Float64Array.of(0, 1, 0, 1))]).toEqual([
      1, 1, 1, 2,
    ]);
  });

  it('rises, keeps the weighted mean and is no worse than any constant', () => {
    const value = fc.record({ v: fc.integer({ min: -50, max: 50 }), w: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (pairs) => {
        const values = Float64Array.from(pairs, ({ v }) => v);
        const weights = Float64Array.from(pairs, ({ w }) => w);
        const fit = isotonicRegression(values, weights);
        const error = (guess: Float64Array): number =>
          guess.reduce((sum, one, at) => sum + weights[at]! * (one - values[at]!) ** 2, 0);
        const total = weights.reduce((sum, one) => sum + one, 0);
        const mean = values.reduce((sum, one, at) => sum + weights[at]! * one, 0) / total;
        const fitted = fit.reduce((sum, one, at) => sum + weights[at]! * one, 0) / total;
        expect(fit.every((one, at) => at === 0 || one >= fit[at - 1]!)).toBe(true);
        expect(fitted).toBeCloseTo(mean, 8);
        expect(error(fit)).toBeLessThanOrEqual(error(values.map(() => mean)) + 1e-6);
      }),
    );
  });
});

describe('monotone lookup', () => {
  const mr = Float32Array.of(-1, -0.5, 0, 0.5, 1, 0);
  const mask = [1, 1, 1, 1, 1, 0];

  it('finds a rising relation', () => {
    const lookup = fitMonotoneLookup([{ mr, ctHu: [-100, 0, 50, 60, 300, -9999], mask }]);
    expect(lookup.direction).toBe('rising');
    expect([...applyMonotoneLookup(lookup, mr)]).toEqual([-100, 0, 50, 60, 300, 50]);
  });

  it('finds a falling relation over several pairs, and bridges intensities that training lacks', () => {
    const lookup = fitMonotoneLookup([
      { mr, ctHu: [900, 60, 50, 0, -100, -9999], mask },
      { mr, ctHu: [700, 40, 50, 0, -100, -9999], mask },
    ]);
    expect(lookup.direction).toBe('falling');
    expect([...applyMonotoneLookup(lookup, Float32Array.of(-1, -0.9, -0.5, 1))]).toEqual([
      800, 800, 50, -100,
    ]);
  });

  it('refuses to fit nothing', () => {
    expect(() => fitMonotoneLookup([{ mr, ctHu: mr, mask: [0, 0, 0, 0, 0, 0] }])).toThrow(RangeError);
  });
});
