import { describe, expect, it } from 'vitest';
import {
  BONE_HU,
  boneSignals,
  differenceVolume,
  errorSignals,
  signalAt,
} from '../../../src-renderer/lib/volumeMath.ts';
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

describe('boneSignals', () => {
  it('gives the share of bone of every slice along every axis', () => {
    const [i, j, k] = boneSignals(make((x, _, z) => (x === 2 && z === 1 ? BONE_HU : 0)));
    expect([...i]).toEqual([0, 0, 0.5, 0]);
    expect([...j]).toEqual([0.125, 0.125, 0.125]);
    expect([...k]).toEqual([0, 0.25]);
  });

  it('is found again by place; there is none outside', () => {
    const volume = make((x) => (x > 1 ? BONE_HU : 0));
    const signals = boneSignals(volume);
    expect(signalAt(volume, signals, 0, [2.2, 0, 0])).toBe(1);
    expect(signalAt(volume, signals, 0, [9, 0, 0])).toBeNaN();
  });
});

describe('errorSignals', () => {
  const ct = make(() => 0);

  it('is the mean magnitude of the difference in the tissue of a slice', () => {
    const sct = make((x, y) => (y === 0 ? -1000 : x % 2 ? -x : x));
    const [i, j] = errorSignals(differenceVolume(sct, ct), sct, ct);
    expect([...i]).toEqual([0, 1, 2, 3]);
    expect([...j]).toEqual([NaN, 1.5, 1.5]);
  });

  it('does not count what the other volume does not reach', () => {
    const sct = make(() => 50);
    const shifted = make(() => 0, { indexToLps: [1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0] });
    const [i] = errorSignals(differenceVolume(sct, shifted), sct, shifted);
    expect([...i]).toEqual([NaN, NaN, 50, 50]);
  });
});
