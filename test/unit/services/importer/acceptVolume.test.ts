import { describe, expect, it } from 'vitest';
import { acceptImage, acceptMask } from '../../../../src-main/services/importer/acceptVolume.ts';
import type { Affine } from '../../../../src-main/shared/affine.ts';
import type { Volume, VoxelArray } from '../../../../src-main/shared/volume.ts';

const volume = (data: VoxelArray, spacing = 1, origin = 0): Volume => {
  const indexToLps: Affine = [spacing, 0, 0, origin, 0, 1, 0, 0, 0, 0, 1, 0];
  return { grid: { size: [data.length, 1, 1], indexToLps }, data };
};
const zeros = new Int16Array(3);

describe('an accepted volume', () => {
  it('has whole numbers of 16 bits, or 32-bit floats', () => {
    expect(acceptImage(volume(Uint16Array.of(1, 32767)), 'a').data).toEqual(Int16Array.of(1, 32767));
    expect(acceptImage(volume(Uint16Array.of(1, 32768)), 'a').data).toEqual(Float32Array.of(1, 32768));
    expect(acceptImage(volume(Float64Array.of(0.5)), 'a').data).toEqual(Float32Array.of(0.5));
    expect(acceptMask(volume(Float32Array.of(-1, 0, 0.2, 7)), 'a').data).toEqual(Uint8Array.of(0, 0, 1, 1));
  });

  it.each([
    ['VOLUME_NOT_FINITE', volume(Float32Array.of(1, NaN, Infinity))],
    ['VOLUME_EMPTY', volume(new Int16Array(0))],
    ['VOLUME_IMPLAUSIBLE', volume(zeros, 1e30)],
    ['VOLUME_IMPLAUSIBLE', volume(zeros, 1e-9)],
    ['VOLUME_IMPLAUSIBLE', volume(zeros, 1, 1e9)],
    ['VOLUME_IMPLAUSIBLE', volume(zeros, NaN)],
  ])('is no volume that is refused with %s', (code, bad) => {
    expect(() => acceptImage(bad, 'a')).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => acceptMask(bad, 'a')).toThrow(expect.objectContaining({ code }) as Error);
  });
});
