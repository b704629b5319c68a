import { describe, expect, it } from 'vitest';
import { shrinkFactors, shrinkVolume } from '../../../../src-main/imaging/resample/shrinkVolume.ts';
import { affineFromAxes, applyAffine } from '../../../../src-main/shared/affine.ts';

const axes = [[0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0, 1]] as const; // prettier-ignore
const grid = { size: [5, 4, 3], indexToLps: affineFromAxes([10, 20, 30], [1, 1, 2.5], axes) } as const;

describe('shrinkVolume', () => {
  it('averages whole blocks and leaves what lies beyond the last one', () => {
    const data = Float32Array.from({ length: 60 }, (_, at) => at);
    const { grid: coarse, data: means } = shrinkVolume({ grid, data }, [2, 2, 1]);
    expect(coarse.size).toEqual([2, 2, 3]);
    expect([...means.slice(0, 4)]).toEqual([3, 5, 13, 15]);
  });

  it('keeps places: a gradient reads the same at the same point, on an oblique grid', () => {
    const value = ([x, y, z]: readonly number[]): number => 2 * x! - y! + 3 * z!;
    const data = new Float32Array(60);
    let at = 0;
    for (let k = 0; k < 3; k++)
      for (let j = 0; j < 4; j++)
        for (let i = 0; i < 5; i++) data[at++] = value(applyAffine(grid.indexToLps, [i, j, k]));
    const coarse = shrinkVolume({ grid, data }, [2, 4, 3]);
    expect(coarse.data[1]).toBeCloseTo(value(applyAffine(coarse.grid.indexToLps, [1, 0, 0])), 3);
  });

  it('makes one voxel of an axis with fewer than a block', () => {
    const { grid: coarse, data } = shrinkVolume({ grid, data: new Int16Array(60).fill(7) }, [9, 9, 9]);
    expect(coarse.size).toEqual([1, 1, 1]);
    expect([...data]).toEqual([7]);
  });
});

it('blocks come nearest to the spacing asked for, and are one voxel at least', () => {
  expect(shrinkFactors(grid, 2)).toEqual([2, 2, 1]);
  expect(shrinkFactors(grid, 8)).toEqual([8, 8, 3]);
  expect(shrinkFactors(grid, 0.5)).toEqual([1, 1, 1]);
});
