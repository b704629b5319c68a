import { describe, expect, it } from 'vitest';
import { forEachContourRun } from '../../../../src-main/imaging/mask/contourRuns.ts';
import { placeContours, type PlacedContours } from '../../../../src-main/imaging/mask/placeContours.ts';
import { applyAffine, type Affine, type Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';
import { findPython, runPython } from '../../../fixtures/python.ts';

const oblique: Affine = [0.9, 0.3, 0.4, -7, -0.35, 1.2, 0.1, 4, -0.2, -0.15, 2.9, 11];
const grid: Grid = { size: [40, 32, 5], indexToLps: oblique };

/** The voxels one by one. */
function contourVoxels(
  contours: readonly Float64Array[],
  on: Grid,
): PlacedContours & { readonly indices: number[] } {
  const placed = placeContours(contours, on);
  const indices: number[] = [];
  forEachContourRun(placed, on, (first, length) => {
    for (let at = 0; at < length; at++) indices.push(first + at);
  });
  return { ...placed, indices };
}

/** Points given in voxel indices, as a contour in mm. */
function contour(indices: readonly (readonly [number, number])[], k: number): Float64Array {
  return Float64Array.from(
    indices.flatMap(([i, j]) => [...applyAffine(oblique, [i, j, k] satisfies Vector3)]),
  );
}

const square = (from: number, to: number): [number, number][] => [
  [from, from],
  [to, from],
  [to, to],
  [from, to],
];
const count = (...contours: Float64Array[]): number => contourVoxels(contours, grid).indices.length;

describe('the voxels of contours', () => {
  it('are those whose centres lie inside, on an oblique grid too', () => {
    const { indices, outside, offPlane, between } = contourVoxels([contour(square(3.5, 9.5), 2)], grid);
    expect(indices.length).toBe(36);
    expect(indices[0]).toBe(4 + 40 * (4 + 32 * 2));
    expect([outside, offPlane, between]).toEqual([0, 0, 0]);
  });

  it('leave out a contour within a contour and take one within that again', () => {
    expect(count(contour(square(0.5, 20.5), 1), contour(square(4.5, 16.5), 1))).toBe(400 - 144);
    expect(
      count(contour(square(0.5, 20.5), 1), contour(square(4.5, 16.5), 1), contour(square(8.5, 12.5), 1)),
    ).toBe(400 - 144 + 16);
  });

  it('leave out what a keyhole contour goes around', () => {
    const keyhole = contour(
      [
        [0.5, 0.5], [20.5, 0.5], [20.5, 20.5], [0.5, 20.5], [0.5, 10.2],
        [4.5, 10.2], [4.5, 16.5], [16.5, 16.5], [16.5, 4.5], [4.5, 4.5], [4.5, 10.2], [0.5, 10.2],
      ],
      1,
    ); // prettier-ignore
    expect(count(keyhole)).toBe(400 - 144);
  });

  it('lie on the slice nearest to a contour, and the contour is counted when it lies between two', () => {
    const placed = contourVoxels([contour(square(3.5, 9.5), 2.4)], grid);
    expect(placed.between).toBe(1);
    expect(Math.floor((placed.indices[0] ?? 0) / (40 * 32))).toBe(2);
  });

  it('are those of the nearest plane where contours of several planes share a slice', () => {
    expect(count(contour(square(3.5, 9.5), 2.3), contour(square(3.5, 5.5), 2.05))).toBe(4);
  });

  it('are none of contours beyond or across the slices, which are counted', () => {
    expect(contourVoxels([contour(square(3.5, 9.5), 4.6)], grid)).toMatchObject({ outside: 1, offPlane: 0 });
    const across = Float64Array.from([[2, 2, 0], [20, 2, 0], [20, 2, 4], [2, 2, 4]].flatMap((index) => [...applyAffine(oblique, index as unknown as Vector3)])); // prettier-ignore
    const placed = contourVoxels([across], grid);
    expect(placed).toMatchObject({ outside: 0, offPlane: 1 });
    expect(placed.indices.length).toBe(0);
  });

  it('are missing on slices between contours, which are counted', () => {
    const on = (...slices: number[]): number =>
      placeContours(
        slices.map((k) => contour(square(3.5, 9.5), k)),
        grid,
      ).gaps;
    expect([on(), on(2), on(1, 2, 3), on(0, 2, 4), on(0, 4)]).toEqual([0, 0, 0, 2, 3]);
  });

  it('come in runs, so that a body of a large volume takes no list of them', () => {
    const large: Grid = { size: [512, 512, 200], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
    const body = Array.from({ length: 200 }, (_, k) =>
      Float64Array.from(square(5.5, 505.5).flatMap(([i, j]) => [i, j, k])),
    );
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    let [voxels, most] = [0, 0];
    forEachContourRun(placeContours(body, large), large, (_first, length) => {
      voxels += length;
      if (voxels % 10_000_000 < length) {
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        most = Math.max(most, arrayBuffers + heapUsed - before);
      }
    });
    expect(voxels).toBe(500 * 500 * 200);
    expect(most).toBeLessThan(100 * 2 ** 20);
  });

  it('end at the edge of the grid', () => {
    expect(count(contour(square(-5, 100), 0))).toBe(40 * 32);
  });

  it.skipIf(findPython(['skimage']) === null)('are those of scikit-image', () => {
    // A star that crosses itself, at places where no centre lies on an edge.
    const star = Array.from({ length: 13 }, (_, at): [number, number] => {
      const angle = (at * 5 * 2 * Math.PI) / 13;
      return [19.37 + 14.2 * Math.cos(angle), 15.61 + 13.3 * Math.sin(angle)];
    });
    const script =
      'import sys, json, numpy as np\nfrom skimage.measure import grid_points_in_poly\n' +
      'p = np.array(json.load(sys.stdin))[:, ::-1]\nprint(json.dumps(np.flatnonzero(grid_points_in_poly((32, 40), p)).tolist()))';
    const expected: unknown = JSON.parse(
      runPython(script, { modules: ['skimage'], input: JSON.stringify(star) }),
    );
    expect([...contourVoxels([contour(star, 0)], grid).indices]).toEqual(expected);
  });
});
