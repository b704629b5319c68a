import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropAboutMask } from '../../../../src-main/imaging/crop/cropAboutMask.ts';
import { padToMultiple } from '../../../../src-main/imaging/crop/padToMultiple.ts';
import { cutWindow, pasteWindow } from '../../../../src-main/imaging/crop/sliceWindow.ts';

describe('slice windows', () => {
  it('cuts rows of the slice and pads beyond the grid', () => {
    const images = cutWindow([1, 2, 3, 4, 5, 6], [3, 2, 1], { left: 1, top: -1, width: 3, height: 2 }, 9);
    expect([...images]).toEqual([9, 9, 9, 2, 3, 9]);
  });

  it('returns the volume after padding to a multiple and back', () => {
    const size = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(
        size,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 20 }),
        (n, multiple, minimum) => {
          const data = Float32Array.from({ length: n[0] * n[1] * n[2] }, (_, at) => at + 1);
          const window = padToMultiple(n, multiple, minimum);
          expect([window.width % multiple, window.height % multiple]).toEqual([0, 0]);
          expect(Math.min(window.width, window.height)).toBeGreaterThanOrEqual(minimum);
          const images = cutWindow(data, n, window, -1);
          expect(pasteWindow(images, n, window, -2)).toEqual(data);
        },
      ),
    );
  });

  it('refuses images that do not fit the window', () => {
    expect(() => pasteWindow([1], [3, 2, 1], { left: 0, top: 0, width: 3, height: 2 }, 0)).toThrow(
      RangeError,
    );
  });

  it('centres the crop on the mask over all slices', () => {
    const mask = new Uint8Array(10 * 8 * 2);
    for (const [i, j, k] of [[2, 5, 0], [4, 5, 0], [2, 7, 1], [4, 7, 1]] as const) mask[i + 10 * (j + 8 * k)] = 1; // prettier-ignore
    expect(cropAboutMask(mask, [10, 8, 2], [5, 3])).toEqual({ left: 1, top: 5, width: 5, height: 3 });
  });

  it('centres the crop on the grid when the mask is empty', () => {
    expect(cropAboutMask(new Uint8Array(80), [10, 8, 1], [4, 4])).toEqual({
      left: 3,
      top: 2,
      width: 4,
      height: 4,
    });
  });
});
