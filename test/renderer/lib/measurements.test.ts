import { describe, expect, it } from 'vitest';
import { affineOf, applyAffine, type Vector3 } from '../../../src-renderer/lib/geometry.ts';
import {
  angleDegrees,
  rectangleMm,
  regionStatistics,
  rulerMm,
  type Measurement,
} from '../../../src-renderer/lib/measurements.ts';
import { viewPlanes } from '../../../src-renderer/lib/viewPlane.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const size: Vector3 = [6, 5, 4];
const data = Int16Array.from({ length: 120 }, (_, at) => {
  const [i, j, k] = [at % 6, Math.floor(at / 6) % 5, Math.floor(at / 30)];
  return 10 * i + 100 * j + 1000 * k;
});
const straight = {
  size,
  indexToLps: [2, 0, 0, -10, 0, 2, 0, 5, 0, 0, 4, 100],
  type: 'int16',
  unit: 'HU',
  typicalRange: [0, 1],
  data,
} as LoadedVolume;
const turned = {
  ...straight,
  indexToLps: [2, 0, 0, -10, 0, 2 * c, -4 * s, 5, 0, 2 * s, 4 * c, 100],
} as LoadedVolume;

/** The rectangle over voxels (1…3, 1…2) of slice 2, half a voxel wider on every side. */
function region(volume: LoadedVolume): Measurement {
  const { axial } = viewPlanes(volume);
  const at = (index: Vector3): Vector3 => applyAffine(affineOf(volume), index);
  return {
    id: 1,
    kind: 'rectangle',
    points: [at([0.5, 0.5, 2]), at([3.5, 2.5, 2])],
    right: axial.right,
    up: axial.up,
  };
}

describe('measurements', () => {
  it('measures a length in mm', () => {
    expect(
      rulerMm([
        [0, 0, 0],
        [3, 4, 12],
      ]),
    ).toBeCloseTo(13, 12);
  });

  it('measures an angle at its vertex, right up to a straight line', () => {
    expect(
      angleDegrees([
        [1, 0, 0],
        [0, 0, 0],
        [0, 2, 0],
      ]),
    ).toBeCloseTo(90, 12);
    expect(
      angleDegrees([
        [1, 0, 0],
        [0, 0, 0],
        [-5, 0, 0],
      ]),
    ).toBeCloseTo(180, 12);
    expect(
      angleDegrees([
        [1, 0, 0],
        [0, 0, 0],
        [Math.sqrt(3), 1, 0],
      ]),
    ).toBeCloseTo(30, 12);
    expect(
      angleDegrees([
        [1, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toBe(0);
  });

  it.each([
    ['straight', straight],
    ['oblique', turned],
  ])('takes the acquired voxels of a rectangle on a %s volume', (_, volume) => {
    const found = regionStatistics(volume, region(volume));
    // 2110 2120 2130 2210 2220 2230
    expect(found).toMatchObject({ count: 6, minimum: 2110, maximum: 2230 });
    expect(found!.mean).toBeCloseTo(2170, 9);
    expect(found!.deviation).toBeCloseTo(Math.sqrt((2 * (60 ** 2 + 50 ** 2 + 40 ** 2)) / 5), 9);
  });

  it('does not care which corner is drawn first', () => {
    const forth = region(turned);
    const back = { ...forth, points: [...forth.points].reverse() };
    expect(regionStatistics(turned, back)).toEqual(regionStatistics(turned, forth));
    expect(rectangleMm(forth).map((mm) => mm.toFixed(6))).toEqual(['6.000000', '4.000000']);
  });

  it('counts one layer when the rectangle lies between two slices', () => {
    const between = region(straight);
    const moved = { ...between, points: between.points.map(([x, y, z]) => [x, y, z + 2] as Vector3) };
    expect(regionStatistics(straight, moved)!.count).toBe(6);
  });

  it('has no statistics where there is no voxel centre', () => {
    const outside = {
      ...region(straight),
      points: [
        [500, 0, 0],
        [510, 9, 0],
      ] as Vector3[],
    };
    expect(regionStatistics(straight, outside)).toBeNull();
  });
});
