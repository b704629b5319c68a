import { describe, expect, it } from 'vitest';
import { compareVolumes } from '../../../../src-main/services/exporter/compareVolumes.ts';
import type { Affine } from '../../../../src-main/shared/affine.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

const indexToLps: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 10];
const volume: Volume<Int16Array> = {
  grid: { size: [2, 2, 3], indexToLps },
  data: Int16Array.from({ length: 12 }, (_, at) => at),
};
const change = (at: number, value: number): Volume => ({
  ...volume,
  data: Float32Array.from(volume.data).fill(value, at, at + 1),
});

describe('compareVolumes', () => {
  it('finds a volume equal to itself and to its mirror-stacked self', () => {
    expect(compareVolumes(volume, volume)).toMatchObject({ equal: true, difference: '', voxels: 12 });
    const data = Int16Array.from([8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]);
    const flipped: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -2, 14];
    expect(compareVolumes(volume, { grid: { size: [2, 2, 3], indexToLps: flipped }, data }).equal).toBe(true);
    expect(
      compareVolumes(volume, { grid: { size: [2, 2, 3], indexToLps: flipped }, data: volume.data }).equal,
    ).toBe(false);
  });

  it('names a changed value, a value that is no number, a moved grid and another size', () => {
    expect(compareVolumes(volume, change(5, 8)).difference).toBe('values differ by up to 3');
    expect(compareVolumes(volume, change(5, NaN)).equal).toBe(false);
    const moved: Affine = [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 2, 10];
    const { difference } = compareVolumes(volume, { ...volume, grid: { ...volume.grid, indexToLps: moved } });
    expect(difference).toBe('voxels lie up to 0.500 mm away');
    const larger = compareVolumes(volume, { ...volume, grid: { ...volume.grid, size: [2, 3, 2] } });
    expect(larger.difference).toBe('its size is 2×3×2 voxels');
  });
});
