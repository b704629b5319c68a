import { describe, expect, it } from 'vitest';
import { resampleVolume } from '../../../../src-main/imaging/resample/resampleVolume.ts';
import {
  affineFromAxes,
  applyAffine,
  type Affine,
  type Vector3,
} from '../../../../src-main/shared/affine.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';

const straight: readonly [Vector3, Vector3, Vector3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Unit axes turned by `degrees` about x, then the same about z. */
function turned(degrees: number): readonly [Vector3, Vector3, Vector3] {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [
    [c, s, 0],
    [-s * c, c * c, s],
    [s * s, -s * c, c],
  ];
}

/** A volume whose value is linear in LPS, so that linear interpolation is exact. */
function linearVolume(size: Vector3, indexToLps: Affine): Volume<Float32Array> {
  const data = new Float32Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) data[at++] = ramp(applyAffine(indexToLps, [i, j, k]));
    }
  }
  return { grid: { size, indexToLps }, data };
}
const ramp = ([x, y, z]: Vector3): number => 3 * x - 2 * y + 0.5 * z + 7;

function largestError(result: Volume<Float32Array>): number {
  const [nx, ny] = result.grid.size;
  let worst = 0;
  result.data.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    const point = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)] as const;
    worst = Math.max(worst, Math.abs(value - ramp(applyAffine(result.grid.indexToLps, point))));
  });
  return worst;
}

describe('resampleVolume', () => {
  it('reproduces a linear field on an oblique grid inside an oblique source', () => {
    const source = linearVolume([30, 28, 20], affineFromAxes([-20, -15, -12], [1.3, 1.1, 2], turned(18)));
    const target: Grid = {
      size: [12, 11, 9],
      indexToLps: affineFromAxes([-10, 0, 4], [0.7, 0.9, 1.1], turned(-7)),
    };
    const result = resampleVolume(source, target, { interpolation: 'linear', outside: NaN });
    expect(result.data.every(Number.isFinite)).toBe(true);
    expect(largestError(result)).toBeLessThan(1e-4);
  });

  it('reproduces a linear field on the fast path for axis-aligned grids', () => {
    const source = linearVolume([20, 18, 10], affineFromAxes([-20, -15, -12], [2, 1.5, 5], turned(18)));
    const target: Grid = {
      size: [30, 18, 9],
      indexToLps: affineFromAxes(
        applyAffine(source.grid.indexToLps, [1, 2, 0.5]),
        [1.1, 1.2, 4.8],
        turned(18),
      ),
    };
    const result = resampleVolume(source, target, { interpolation: 'linear', outside: NaN });
    expect(result.data.every(Number.isFinite)).toBe(true);
    expect(largestError(result)).toBeLessThan(1e-4);
  });

  it('gives the same values on the fast and on the oblique path', () => {
    const source = linearVolume([9, 8, 7], affineFromAxes([0, 0, 0], [1, 1, 1], straight));
    source.data.forEach((_, at) => (source.data[at] = Math.sin(at * 12.9898) * 100));
    const grid = (axes: readonly [Vector3, Vector3, Vector3]): Grid => ({
      size: [16, 16, 16],
      indexToLps: affineFromAxes([-1, -1, -1], [0.73, 0.73, 0.73], axes),
    });
    const tilted: readonly [Vector3, Vector3, Vector3] = [[1, 1e-6, 0], [-1e-6, 1, 0], [0, 0, 1]]; // prettier-ignore
    for (const interpolation of ['linear', 'nearest'] as const) {
      const fast = resampleVolume(source, grid(straight), { interpolation, outside: -5 });
      const slow = resampleVolume(source, grid(tilted), { interpolation, outside: -5 });
      const apart = fast.data.filter((value, at) => Math.abs(value - slow.data[at]!) > 0.05);
      expect(apart.length).toBe(0);
    }
  });

  it('returns the source itself on its own grid, with and without obliquity', () => {
    for (const axes of [straight, turned(18)]) {
      const source = linearVolume([11, 9, 5], affineFromAxes([-101.3, 55.7, 12.1], [0.5, 0.5, 3], axes));
      source.data.forEach((_, at) => (source.data[at] = Math.sin(at * 78.233) * 1000));
      const result = resampleVolume(source, source.grid, { interpolation: 'linear', outside: -1024 });
      expect(result.data).toEqual(source.data);
    }
  });

  it('holds the edge value for half a voxel and gives `outside` beyond', () => {
    const source: Volume = {
      grid: { size: [2, 1, 1], indexToLps: affineFromAxes([0, 0, 0], [1, 1, 1], straight) },
      data: Int16Array.from([10, 20]),
    };
    const target: Grid = {
      size: [6, 1, 1],
      indexToLps: affineFromAxes([-0.75, 0, 0], [0.5, 1, 1], straight),
    };
    const { data } = resampleVolume(source, target, { interpolation: 'linear', outside: -1 });
    expect([...data]).toEqual([-1, 10, 12.5, 17.5, 20, -1]);
  });
});
