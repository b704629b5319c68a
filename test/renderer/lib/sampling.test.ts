import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affineOf, applyAffine, type Vector3 } from '../../../src-renderer/lib/geometry.ts';
import { sampleAtIndex, sampleVolume } from '../../../src-renderer/lib/sampling.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';

const size: Vector3 = [4, 3, 5];
const value = (i: number, j: number, k: number): number => 100 * i + 10 * j - 7 * k;
const data = new Int16Array(60);
for (let k = 0; k < 5; k++)
  for (let j = 0; j < 3; j++) for (let i = 0; i < 4; i++) data[i + 4 * (j + 3 * k)] = value(i, j, k);
const volume = {
  size,
  indexToLps: [0, -2, 0, 10, 1.5, 0, 0, 20, 0, 0, 3, -30],
  type: 'int16',
  unit: 'HU',
  typicalRange: [0, 1],
  data,
} as LoadedVolume;

describe('sampleVolume', () => {
  it('reads every voxel exactly at its centre', () => {
    for (let k = 0; k < 5; k++)
      for (let j = 0; j < 3; j++)
        for (let i = 0; i < 4; i++)
          expect(sampleVolume(volume, applyAffine(affineOf(volume), [i, j, k]))).toBeCloseTo(
            value(i, j, k),
            9,
          );
  });

  it('is linear between the centres of a linear volume', () => {
    const within = (n: number) => fc.double({ min: 0, max: n - 1, noNaN: true });
    fc.assert(
      fc.property(within(4), within(3), within(5), (i, j, k) => {
        expect(sampleAtIndex(volume, [i, j, k])).toBeCloseTo(value(i, j, k), 6);
      }),
    );
  });

  it('continues the outermost half voxel and ends there', () => {
    expect(sampleAtIndex(volume, [-0.5, 0, 0])).toBe(0);
    expect(sampleAtIndex(volume, [-0.51, 0, 0])).toBeNull();
    expect(sampleAtIndex(volume, [3.5, 2.5, 4.5])).toBe(value(3, 2, 4));
    expect(sampleAtIndex(volume, [3.51, 2, 4])).toBeNull();
  });

  it('never mixes labels', () => {
    const labels = { ...volume, unit: 'label' } as LoadedVolume;
    expect(sampleVolume(labels, applyAffine(affineOf(volume), [1.4, 1.6, 2.2]))).toBe(value(1, 2, 2));
  });
});
