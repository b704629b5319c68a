import { describe, expect, it } from 'vitest';
import { nearEdges } from '../../../../src-main/workflows/phantom/nearEdges.ts';
import { weightAlignment } from '../../../../src-main/workflows/phantom/weightAlignment.ts';

describe('weightAlignment', () => {
  const pixels = {
    weight: Float32Array.of(2, 1, 0.5, 0.5, 9),
    positiveShare: Float32Array.of(1, 0.5, 0.25, 0.75, 1),
    wrong: Uint8Array.of(0, 0, 1, 1, 1),
  };

  it('compares right and wrong pixels where it counts', () => {
    expect(weightAlignment(pixels, Uint8Array.of(1, 1, 1, 1, 0))).toEqual({
      right: { pixels: 2, positiveShare: 0.75, meanWeight: 1.5 },
      wrong: { pixels: 2, positiveShare: 0.5, meanWeight: 0.5 },
      auc: 1,
    });
  });

  it('has no AUC without wrong pixels', () => {
    expect(weightAlignment(pixels, Uint8Array.of(1, 1, 0, 0, 0))).toEqual({
      right: { pixels: 2, positiveShare: 0.75, meanWeight: 1.5 },
      wrong: { pixels: 0, positiveShare: null, meanWeight: null },
      auc: null,
    });
  });

  it('is 0.5 for weights that know nothing', () => {
    const even = { ...pixels, weight: new Float32Array(5).fill(1) };
    expect(weightAlignment(even, new Uint8Array(5).fill(1)).auc).toBe(0.5);
  });
});

describe('nearEdges', () => {
  /** Two slices of 11 × 3: a step between columns 4 and 5 in the first, none in the second. */
  const images = Float32Array.from({ length: 66 }, (_, at) => (at < 33 && at % 11 > 4 ? 1000 : 0));

  it('marks what is near a strong edge, in its own slice alone', () => {
    const near = nearEdges(images, [11, 3, 2], { gradientHuPerPx: 100, distancePx: 2 });
    expect([...near.subarray(11, 22)]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect(near.subarray(33).every((value) => value === 0)).toBe(true);
  });

  it('leaves weak edges', () => {
    const near = nearEdges(images, [11, 3, 2], { gradientHuPerPx: 501, distancePx: 2 });
    expect(near.every((value) => value === 0)).toBe(true);
  });
});
