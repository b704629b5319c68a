import { describe, expect, it } from 'vitest';
import {
  bySpotSize,
  failureSpots,
  type FailureSpot,
} from '../../../../src-main/imaging/metrics/failureSpots.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';

const size: Vector3 = [40, 40, 40];
const spacing: Vector3 = [1, 1, 1];
const rules = { limitMm: 4, leastVoxels: 6 };

/** Boxes of ones; each is [from, to) along every axis. */
function boxes(...all: [Vector3, Vector3][]): Uint8Array {
  const mask = new Uint8Array(40 ** 3);
  for (const [[x0, y0, z0], [x1, y1, z1]] of all)
    for (let k = z0; k < z1; k++)
      for (let j = y0; j < y1; j++) for (let i = x0; i < x1; i++) mask[i + 40 * (j + 40 * k)] = 1;
  return mask;
}

const trunk: [Vector3, Vector3] = [
  [15, 15, 5],
  [25, 25, 35],
];
const arm: [Vector3, Vector3] = [
  [25, 18, 18],
  [34, 22, 22],
];

describe('failureSpots', () => {
  it('finds nothing where bones agree or differ by less than the limit', () => {
    const near: [Vector3, Vector3] = [
      [15, 15, 5],
      [27, 25, 35],
    ];
    expect(failureSpots(boxes(trunk), boxes(trunk), size, spacing, rules)).toEqual([]);
    expect(failureSpots(boxes(trunk), boxes(near), size, spacing, rules)).toEqual([]);
  });

  it('finds bone that is missing at its farthest point, and bone that was added', () => {
    const [missing, ...others] = failureSpots(boxes(trunk, arm), boxes(trunk), size, spacing, rules);
    expect(others).toEqual([]);
    expect(missing).toMatchObject({ kind: 'missing', distanceMm: 7 });
    // The arm reaches to x = 33, but from x = 32 on the edge of the volume is nearer than the trunk.
    expect(missing?.voxel[0]).toBe(31);
    const [added] = failureSpots(boxes(trunk), boxes(trunk, arm), size, spacing, rules);
    expect(added).toMatchObject({ kind: 'added', voxels: missing?.voxels });
  });

  it('says nothing of what the edge of the volume may hide', () => {
    const cut: [Vector3, Vector3] = [
      [15, 15, 35],
      [25, 25, 40],
    ];
    expect(failureSpots(boxes(trunk, cut), boxes(trunk), size, spacing, rules)).toEqual([]);
  });

  it('finds bone that is lost even where what is left is farther than the edge', () => {
    const left: [Vector3, Vector3] = [
      [36, 36, 36],
      [39, 39, 39],
    ];
    const spots = failureSpots(boxes(trunk, left), boxes(left), size, spacing, rules);
    // The middle of the trunk's surface is 15 voxels from the edge: bone beyond it cannot be nearer.
    expect(spots).toMatchObject([{ kind: 'missing', distanceMm: 15 }]);
  });

  it('takes touching corners as one place and leaves out a few voxels', () => {
    const bone: [Vector3, Vector3] = [
      [28, 15, 5],
      [36, 25, 35],
    ];
    const speck: [Vector3, Vector3] = [
      [20, 18, 18],
      [21, 19, 21],
    ];
    const corner: [Vector3, Vector3] = [
      [21, 19, 21],
      [22, 20, 22],
    ];
    const find = (...parts: [Vector3, Vector3][]) =>
      failureSpots(boxes(bone, ...parts), boxes(bone), size, spacing, { limitMm: 4, leastVoxels: 4 });
    expect(find(speck)).toEqual([]);
    expect(find(speck, corner)).toEqual([{ voxel: [20, 18, 18], distanceMm: 8, voxels: 4, kind: 'missing' }]);
  });

  it('is one total failure where only one of them has bone, also at the edge of the volume', () => {
    // 10 × 10 × 30 voxels without the 8 × 8 × 28 inside.
    const total = { distanceMm: null, voxels: 3000 - 1792 };
    const [lost, ...others] = failureSpots(boxes(trunk), boxes(), size, spacing, rules);
    expect(others).toEqual([]);
    expect(lost).toMatchObject({ ...total, kind: 'missing' });
    expect(boxes(trunk)[lost!.voxel[0] + 40 * (lost!.voxel[1] + 40 * lost!.voxel[2])]).toBe(1);
    expect(Math.abs(lost!.voxel[2] - 19.5)).toBeLessThan(1);
    expect(failureSpots(boxes(), boxes(trunk), size, spacing, rules)).toMatchObject([
      { ...total, kind: 'added' },
    ]);
    const cut: [Vector3, Vector3] = [
      [0, 0, 0],
      [4, 4, 40],
    ];
    expect(failureSpots(boxes(cut), boxes(), size, spacing, rules)).toHaveLength(1);
  });

  it('says nothing of a few voxels whose bone is lost, or where neither has bone', () => {
    const speck: [Vector3, Vector3] = [
      [20, 18, 18],
      [21, 19, 21],
    ];
    expect(failureSpots(boxes(speck), boxes(), size, spacing, rules)).toEqual([]);
    expect(failureSpots(boxes(), boxes(), size, spacing, rules)).toEqual([]);
  });

  it('sorts total failures first, then by distance times voxels', () => {
    const spot = (distanceMm: number | null, voxels: number): FailureSpot => ({
      voxel: [0, 0, 0],
      distanceMm,
      voxels,
      kind: 'missing',
    });
    const sorted = [spot(5, 10), spot(null, 7), spot(9, 6), spot(null, 8)].sort(bySpotSize);
    expect(sorted.map(({ voxels }) => voxels)).toEqual([8, 7, 6, 10]);
  });
});
