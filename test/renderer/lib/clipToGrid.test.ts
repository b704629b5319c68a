import { expect, it } from 'vitest';
import { clipToGrid } from '../../../src-renderer/lib/clipToGrid.ts';
import type { Vector3 } from '../../../src-renderer/lib/geometry.ts';

/** Ten voxels of 1 mm along each axis, their outer faces at 0 and 10 mm. */
const grid = { size: [10, 10, 10], indexToLps: [1, 0, 0, 0.5, 0, 1, 0, 0.5, 0, 0, 1, 0.5] } as const;
const square = (low: number, high: number, z: number): Vector3[] => [
  [low, low, z],
  [high, low, z],
  [high, high, z],
  [low, high, z],
];
const box = (polygon: readonly Vector3[]): number[][] =>
  [0, 1, 2].map((axis) => {
    const values = polygon.map((point) => point[axis]!);
    return [Math.min(...values), Math.max(...values)];
  });

it('leaves alone what lies inside', () => {
  expect(clipToGrid(square(2, 5, 3), grid)).toEqual(square(2, 5, 3));
});

it('ends at the outer faces of the voxels', () => {
  const [x, y, z] = box(clipToGrid(square(-20, 20, 3), grid));
  expect([x, y, z].flat().map((value) => Number(value.toFixed(9)))).toEqual([0, 10, 0, 10, 3, 3]);
});

it('is empty where the plane passes by', () => {
  expect(clipToGrid(square(-20, 20, 10.2), grid)).toEqual([]);
  expect(clipToGrid(square(30, 40, 3), grid)).toEqual([]);
});

it('follows a grid that is turned against the plane', () => {
  const c = Math.SQRT1_2;
  const turned = { size: [10, 10, 10], indexToLps: [c, -c, 0, 0, c, c, 0, 0, 0, 0, 1, 0] } as const;
  const part = clipToGrid(square(-50, 50, 2), turned);
  expect(part).toHaveLength(4);
  const height = box(part)[1]!;
  expect(height[1]! - height[0]!).toBeCloseTo(10 * Math.SQRT2);
});
