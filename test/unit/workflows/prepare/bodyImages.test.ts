import { describe, expect, it } from 'vitest';
import { affineSpacing, type Vector3 } from '../../../../src-main/shared/affine.ts';
import { bodyImages } from '../../../../src-main/workflows/prepare/bodyImages.ts';
import { fillVolume, gridAboutOrigin, rampAt } from '../synthesize/ramps.ts';

const grid = gridAboutOrigin(
  [40, 30, 6],
  [1, 1, 3],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
);
const body = ([x, y]: Vector3): number => (Math.hypot(x, y) < 9 ? 1 : 0);
const mr = fillVolume(grid, rampAt);
const options = { subject: 'case-1', spacingMm: [1, 1] as const };

describe('an MR as the network sees it', () => {
  it('is −1 outside the body and spans −1…1 inside it', () => {
    const mask = fillVolume(grid, body);
    const images = bodyImages(mr, { ...options, mask });
    expect(images.mr.grid).toBe(images.axialGrid);
    const inside = images.mr.data.filter((_, at) => mask.data[at] === 1);
    const outside = images.mr.data.filter((_, at) => mask.data[at] === 0);
    expect([Math.min(...inside), Math.max(...inside)]).toEqual([-1, 1]);
    expect(new Set(outside)).toEqual(new Set([-1]));
    expect([...images.mask.data]).toEqual([...mask.data]);
  });

  it('clips at the 0.5 and 99.5 percentiles of the body, or at those asked for', () => {
    const mask = fillVolume(grid, body);
    const usual = bodyImages(mr, { ...options, mask }).normalisation;
    expect(usual).toMatchObject({ lowPercentile: 0.5, highPercentile: 99.5 });
    const whole = bodyImages(mr, { ...options, mask, mrPercentiles: [0, 100] }).normalisation;
    const values = mr.data.filter((_, at) => mask.data[at] === 1);
    expect([whole.low, whole.high]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(usual.low).toBeGreaterThan(whole.low);
    expect(usual.high).toBeLessThan(whole.high);
  });

  it('has the model’s spacing in the slice planes and the MR’s own slices', () => {
    const { mr: image } = bodyImages(mr, { ...options, spacingMm: [2, 1.5], mask: fillVolume(grid, body) });
    expect(affineSpacing(image.grid.indexToLps).map((mm) => Math.round(1e6 * mm) / 1e6)).toEqual([2, 1.5, 3]);
    expect(image.grid.size).toEqual([20, 20, 6]);
  });

  it('takes an outline on another grid: values above zero are body', () => {
    const coarse = gridAboutOrigin(
      [20, 15, 3],
      [2, 2, 6],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    );
    const outline = fillVolume(coarse, (place) => 255 * body(place));
    const { mask } = bodyImages(mr, { ...options, mask: outline });
    expect(new Set(mask.data)).toEqual(new Set([0, 1]));
    const wanted = fillVolume(grid, body).data.reduce((sum, one) => sum + one, 0);
    const got = mask.data.reduce((sum, one) => sum + one, 0);
    expect(Math.abs(got - wanted) / wanted).toBeLessThan(0.15);
  });

  it('does not change the MR it was given', () => {
    const before = mr.data.slice();
    bodyImages(mr, { ...options, mask: fillVolume(grid, body) });
    expect(mr.data).toEqual(before);
  });

  it.each<[string, () => unknown]>([
    [
      'an image of one value',
      () =>
        bodyImages(
          fillVolume(grid, () => 7),
          options,
        ),
    ],
    ['an outline beside the image', () => bodyImages(mr, { ...options, mask: fillVolume(grid, () => 0) })],
    [
      'one value in the outline',
      () =>
        bodyImages(
          fillVolume(grid, (place) => 1 - body(place)),
          { ...options, mask: fillVolume(grid, body) },
        ),
    ],
  ])('is refused with the case’s name: %s', (_name, act) => {
    expect(act).toThrow(
      expect.objectContaining({ code: 'NO_BODY_FOUND', message: expect.stringContaining('case-1') }),
    );
  });
});
