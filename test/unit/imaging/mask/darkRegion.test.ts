import { expect, it } from 'vitest';
import { darkRegionMl } from '../../../../src-main/imaging/mask/darkRegion.ts';
import type { Affine } from '../../../../src-main/shared/affine.ts';

/** A block of signal with a dark hole of 4 × 4 × 3 voxels in its middle. */
function blockWithHole(indexToLps: Affine) {
  const size = [24, 24, 5] as const;
  const data = new Int16Array(24 * 24 * 5).fill(500);
  for (let k = 1; k < 4; k++)
    for (let j = 10; j < 14; j++) for (let i = 10; i < 14; i++) data[i + 24 * (j + 24 * k)] = 0;
  const grid = { size, indexToLps };
  return { mr: { grid, data }, body: { grid, data: new Uint8Array(data.length).fill(1) } };
}

it('measures a dark region by the volume of voxels, upright or sheared', () => {
  const upright = blockWithHole([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 5, 0]);
  expect(darkRegionMl(upright.mr, upright.body)).toBeCloseTo((48 * 20) / 1000, 9);
  // Slices slide along y: their distance, and so a voxel's volume, stays.
  const sheared = blockWithHole([2, 0, 0, 0, 0, 2, 3, 0, 0, 0, 5, 0]);
  expect(darkRegionMl(sheared.mr, sheared.body)).toBeCloseTo((48 * 20) / 1000, 9);
});
