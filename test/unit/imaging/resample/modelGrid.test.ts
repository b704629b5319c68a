import { describe, expect, it } from 'vitest';
import { axialModelGrid } from '../../../../src-main/imaging/resample/modelGrid.ts';
import { resampleVolume } from '../../../../src-main/imaging/resample/resampleVolume.ts';
import { affineFromAxes, affineSpacing, applyAffine } from '../../../../src-main/shared/affine.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';

const oblique: Grid = {
  size: [37, 41, 5],
  indexToLps: affineFromAxes([12, -40, 33], [0.5, 0.6, 3], [[1, 0, 0], [0, 0.96, -0.28], [0, 0.28, 0.96]]), // prettier-ignore
};

describe('axialModelGrid', () => {
  it('keeps the slices and the directions and changes the in-plane spacing', () => {
    const grid = axialModelGrid(oblique, { spacingMm: [1, 2] });
    expect(grid.size).toEqual([19, 13, 5]);
    const spacing = affineSpacing(grid.indexToLps);
    expect(spacing[0]).toBeCloseTo(1, 9);
    expect(spacing[1]).toBeCloseTo(2, 9);
    expect(spacing[2]).toBeCloseTo(affineSpacing(oblique.indexToLps)[2], 9);
    const middle = applyAffine(grid.indexToLps, [9, 6, 2]);
    applyAffine(oblique.indexToLps, [18, 20, 2]).forEach((value, axis) => {
      expect(value).toBeCloseTo(middle[axis]!, 9);
    });
  });

  it('leaves a grid of that spacing alone', () => {
    expect(axialModelGrid(oblique, { spacingMm: [0.5, 0.6] })).toBe(oblique);
  });

  it.each([0.4, 1, 1.7, 3])('covers every source voxel in both directions at %s mm', (mm) => {
    const grid = axialModelGrid(oblique, { spacingMm: [mm, mm] });
    const ones = (g: Grid): Float32Array => new Float32Array(g.size[0] * g.size[1] * g.size[2]).fill(1);
    const there = resampleVolume({ grid: oblique, data: ones(oblique) }, grid, {
      interpolation: 'linear',
      outside: 0,
    });
    const back = resampleVolume(there, oblique, { interpolation: 'linear', outside: 0 });
    expect(there.data.every((value) => value === 1)).toBe(true);
    expect(back.data.every((value) => value === 1)).toBe(true);
  });
});
