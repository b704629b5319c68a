import { describe, expect, it } from 'vitest';
import { axialGridAbout } from '../../../../src-main/imaging/resample/axialGrid.ts';
import { applyAffine, invertAffine, type Affine, type Vector3 } from '../../../../src-main/shared/affine.ts';
import { onExportGrid } from '../../../../src-main/services/exporter/exportGrid.ts';
import { fillVolume, gridAboutOrigin, turned } from '../../workflows/synthesize/ramps.ts';

const axial = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
const oblique = gridAboutOrigin([50, 40, 12], [0.8, 0.9, 3], turned(axial, 18));

describe('the axial grid about an oblique one', () => {
  it('has the patient’s axes, the wanted spacing, and covers every voxel with less than a voxel to spare', () => {
    const { size, indexToLps } = axialGridAbout(oblique);
    expect([0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => indexToLps[at])).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 2.5]);
    const back = invertAffine(indexToLps);
    const low: number[] = [Infinity, Infinity, Infinity];
    const high: number[] = [-Infinity, -Infinity, -Infinity];
    for (const i of [-0.5, 49.5])
      for (const j of [-0.5, 39.5])
        for (const k of [-0.5, 11.5])
          applyAffine(back, applyAffine(oblique.indexToLps, [i, j, k])).forEach((at, axis) => {
            low[axis] = Math.min(low[axis]!, at);
            high[axis] = Math.max(high[axis]!, at);
          });
    low.forEach((at) => expect(at + 0.5).toBeGreaterThan(-1e-3));
    low.forEach((at) => expect(at + 0.5).toBeLessThan(0.5 + 1e-3));
    high.forEach((at, axis) => expect(size[axis]! - 0.5 - at).toBeGreaterThan(-1e-3));
  });

  it('of an axial grid of that spacing is that grid', () => {
    const affine: Affine = [1, 0, 0, -12.5, 0, 1, 0, 7.125, 0, 0, 2.5, 100];
    const size: Vector3 = [30, 20, 10];
    expect(axialGridAbout({ size, indexToLps: affine })).toEqual({ size, indexToLps: affine });
  });
});

describe('an sCT on the axial grid', () => {
  it('keeps every HU where it was, rounded, and is air beyond the MR', () => {
    const hu = ([x, y, z]: Vector3): number => 30 + 2 * x - 3 * y + 4 * z;
    const { grid, data } = onExportGrid(fillVolume(oblique, hu), 'axial');
    const toMr = invertAffine(oblique.indexToLps);
    let compared = 0;
    let air = 0;
    const [nx, ny] = grid.size;
    for (let at = 0; at < data.length; at++) {
      const place = applyAffine(grid.indexToLps, [
        at % nx,
        Math.floor(at / nx) % ny,
        Math.floor(at / (nx * ny)),
      ]);
      const index = applyAffine(toMr, place);
      const inside = index.every((value, axis) => value >= 0 && value <= oblique.size[axis]! - 1);
      const outside = index.some((value, axis) => value < -0.51 || value > oblique.size[axis]! - 0.49);
      if (inside) {
        expect(Math.abs(data[at]! - hu(place))).toBeLessThanOrEqual(0.5001);
        compared++;
      }
      if (outside) {
        expect(data[at]).toBe(-1024);
        air++;
      }
    }
    expect(Math.min(compared, air)).toBeGreaterThan(5000);
  });

  it('is the sCT itself where the MR’s grid is wanted', () => {
    const sct = fillVolume(oblique, () => 0);
    expect(onExportGrid(sct, 'mr')).toBe(sct);
  });
});
