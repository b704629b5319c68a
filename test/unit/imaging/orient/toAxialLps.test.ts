import { describe, expect, it } from 'vitest';
import { axialGrid, restoreOrientation, toAxialLps } from '../../../../src-main/imaging/orient/toAxialLps.ts';
import {
  affineAxes,
  affineFromAxes,
  applyAffine,
  invertAffine,
  type Vector3,
} from '../../../../src-main/shared/affine.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

const unit = (axis: number, sign: number): Vector3 =>
  [0, 1, 2].map((n) => (n === axis ? sign : 0)) as unknown as Vector3;

const cases: [string, readonly [Vector3, Vector3, Vector3]][] = [
  ['axial', [unit(0, 1), unit(1, 1), unit(2, 1)]],
  ['axial feet first', [unit(0, -1), unit(1, 1), unit(2, -1)]],
  ['RAS', [unit(0, -1), unit(1, -1), unit(2, 1)]],
  ['sagittal', [unit(1, 1), unit(2, -1), unit(0, 1)]],
  ['coronal', [unit(0, 1), unit(2, -1), unit(1, -1)]],
  ['oblique sagittal', [[0.1, 0.95, -0.2955], [0.05, -0.3, -0.9526], [0.99, 0.05, 0.13]]], // prettier-ignore
];

describe.each(cases)('toAxialLps of a(n) %s grid', (_name, axes) => {
  const size: Vector3 = [4, 5, 3];
  const source: Volume<Int16Array> = {
    grid: { size, indexToLps: affineFromAxes([5, -7, 11], [1.5, 2, 4], axes) },
    data: Int16Array.from({ length: 60 }, (_, n) => n * 3 - 50),
  };
  const { volume, order } = toAxialLps(source);

  it('brings i, j, k nearest to left, posterior, superior', () => {
    affineAxes(volume.grid.indexToLps).forEach((axis, n) => expect(axis[n]).toBeGreaterThan(0.8));
  });

  it('can be told of the grid alone', () => {
    expect(axialGrid(source.grid)).toEqual(volume.grid);
  });

  it('keeps every value at its place in the patient', () => {
    const toSource = invertAffine(source.grid.indexToLps);
    const [nx, ny] = volume.grid.size;
    volume.data.forEach((value, at) => {
      const index = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)] as const;
      const [i, j, k] = applyAffine(toSource, applyAffine(volume.grid.indexToLps, index)).map(
        Math.round,
      ) as unknown as Vector3;
      expect(value).toBe(source.data[i + size[0] * (j + size[1] * k)]);
    });
  });

  it('is undone exactly', () => {
    const back = restoreOrientation(volume, order, source.grid);
    expect(back.grid).toBe(source.grid);
    expect(back.data).toEqual(source.data);
  });
});
