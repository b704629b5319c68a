import { describe, expect, it } from 'vitest';
import { denormaliseHu, normaliseHu } from '../../../../src-main/imaging/intensity/huWindow.ts';
import { fitMrNormalisation, normaliseMr } from '../../../../src-main/imaging/intensity/mrNormalisation.ts';
import { percentiles } from '../../../../src-main/imaging/intensity/percentiles.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';

describe('percentiles', () => {
  it('interpolates between order statistics as numpy does', () => {
    // numpy.percentile([4, 1, 3, 2, 10], [0, 10, 50, 99.5, 100])
    expect(percentiles([4, 1, 3, 2, 10], [0, 10, 50, 99.5, 100])).toEqual([
      1,
      1.4,
      3,
      expect.closeTo(9.88, 12),
      10,
    ]);
  });

  it('looks at finite values inside the mask only', () => {
    expect(percentiles([5, NaN, 7, 100], [0, 100], [1, 1, 1, 0])).toEqual([5, 7]);
    expect(percentiles([5, 6], [50], [0, 0])).toEqual([]);
  });
});

describe('MR normalisation', () => {
  it('maps the percentiles inside the mask to −1 and 1 and clips', () => {
    const data = Float32Array.from({ length: 1001 }, (_, n) => n);
    const rule = fitMrNormalisation(data, new Uint8Array(1001).fill(1));
    expect(rule).toEqual({ lowPercentile: 0.5, highPercentile: 99.5, low: 5, high: 995 });
    const out = normaliseMr([0, 5, 500, 995, 2000, NaN], rule);
    expect([...out]).toEqual([-1, -1, 0, 1, 1, -1]);
  });

  it('refuses an empty mask and a constant body', () => {
    expect(() => fitMrNormalisation([1, 2], [0, 0])).toThrow(AppError);
    expect(() => fitMrNormalisation([3, 3], [1, 1])).toThrow(/all intensities/);
  });
});

describe('HU window', () => {
  it('maps −1024…3000 to [−1, 1] and back', () => {
    expect([...normaliseHu([-2000, -1024, 988, 3000, 5000])]).toEqual([-1, -1, expect.closeTo(0, 12), 1, 1]);
    expect([...denormaliseHu([-1, 0, 1, 1.5, NaN])]).toEqual([-1024, 988, 3000, 3000, -1024]);
  });

  it('keeps every whole HU through the network range in single precision', () => {
    const hu = Float32Array.from({ length: 4025 }, (_, n) => n - 1024);
    expect(Array.from(denormaliseHu(normaliseHu(hu)), Math.round)).toEqual([...hu]);
  });

  it('takes another window', () => {
    const window = { lowHu: -150, highHu: 850 };
    expect([...normaliseHu([350], window)]).toEqual([expect.closeTo(0, 12)]);
  });
});
