import { describe, expect, it } from 'vitest';
import { BONE_HU, differenceVolume, signalAt, sliceSignals } from '../../../src-renderer/lib/volumeMath.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';

const make = (
  values: (i: number, j: number, k: number) => number,
  more: Partial<LoadedVolume> = {},
): LoadedVolume => ({
  size: [4, 3, 2],
  indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  type: 'int16',
  unit: 'HU',
  typicalRange: [0, 200],
  data: Int16Array.from({ length: 24 }, (_, at) =>
    values(at % 4, Math.floor(at / 4) % 3, Math.floor(at / 12)),
  ),
  ...more,
});

describe('differenceVolume', () => {
  it('subtracts voxel by voxel on one grid, in HU', () => {
    const difference = differenceVolume(
      make((i) => 100 * i),
      make((_, j) => 10 * j),
    );
    expect([...difference.data.slice(0, 8)]).toEqual([0, 100, 200, 300, -10, 90, 190, 290]);
    expect(difference.unit).toBe('HU');
  });

  it('reads the other volume between its voxels on another grid and says 0 where it ends', () => {
    const shifted = make((i) => 100 * i, { indexToLps: [1, 0, 0, 0.75, 0, 1, 0, 0, 0, 0, 1, 0] });
    const row = [
      ...differenceVolume(
        make((i) => 100 * i),
        shifted,
      ).data.slice(0, 4),
    ];
    expect(row).toEqual([0, 75, 75, 75]);
  });

  it('compares signals by their place in their ranges, in per cent', () => {
    const mr = make(() => 500, { unit: 'signal', typicalRange: [0, 1000] });
    const difference = differenceVolume(
      mr,
      make(() => 50),
    );
    expect([difference.data[0], difference.unit]).toEqual([25, 'signal']);
  });
});

describe('sliceSignals', () => {
  it('gives the share of bone of every slice along every axis', () => {
    const [i, j, k] = sliceSignals(
      make((x, _, z) => (x === 2 && z === 1 ? BONE_HU : 0)),
      'bone',
    );
    expect([...i]).toEqual([0, 0, 0.5, 0]);
    expect([...j]).toEqual([0.125, 0.125, 0.125]);
    expect([...k]).toEqual([0, 0.25]);
  });

  it('gives the mean magnitude, found again by place', () => {
    const volume = make((x) => (x % 2 ? -x : x));
    const signals = sliceSignals(volume, 'magnitude');
    expect([...signals[0]]).toEqual([0, 1, 2, 3]);
    expect(signalAt(volume, signals, 0, [2.2, 0, 0])).toBe(2);
    expect(signalAt(volume, signals, 0, [9, 0, 0])).toBe(0);
  });
});
