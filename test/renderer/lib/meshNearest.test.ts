import { expect, test } from 'vitest';
import { applyAffine, invertAffine } from '../../../src-renderer/lib/geometry.ts';
import { extractIsosurface } from '../../../src-renderer/lib/meshIsosurface.ts';
import { farMm, indexSurface } from '../../../src-renderer/lib/meshNearest.ts';
import { PointTree } from '../../../src-renderer/lib/meshPointTree.ts';
import { measureRanges } from '../../../src-renderer/lib/meshRanges.ts';
import { findSpots, worstSpots } from '../../../src-renderer/lib/meshSpots.ts';
import { finish, type Mesh } from '../../../src-renderer/lib/meshTypes.ts';
import { balls, obliqueAffine, type Ball } from './spherePhantom.ts';

const size = [60, 52, 26] as const;
const grid = { size, indexToLps: obliqueAffine([-8, -42, -34]) };
const rules = { limitMm: 2, leastAreaMm2: 10, grid };

function ballMesh(all: readonly Ball[]): Mesh {
  const volume = balls(size, grid.indexToLps, all);
  return finish(extractIsosurface(volume, measureRanges(volume), { thresholdHu: 500 }));
}

function distances(mesh: Mesh, other: Mesh): Float32Array {
  const index = indexSurface(other);
  return Float32Array.from({ length: mesh.points.length / 3 }, (_, n) =>
    index.signedDistance(mesh.points, 3 * n),
  );
}

const middle = [2, -1, 3] as const;

test('signed distances between two balls about one centre are the difference of their radii', () => {
  const [inner, outer] = [
    ballMesh([{ centre: middle, radiusMm: 12 }]),
    ballMesh([{ centre: middle, radiusMm: 15 }]),
  ];
  for (const mm of distances(outer, inner)) expect(Math.abs(mm - 3)).toBeLessThan(0.15);
  for (const mm of distances(inner, outer)) expect(Math.abs(mm + 3)).toBeLessThan(0.15);
});

test('a surface has no distance to itself', () => {
  const mesh = ballMesh([{ centre: middle, radiusMm: 12 }]);
  expect(Math.max(...distances(mesh, mesh).map(Math.abs))).toBeLessThan(1e-4);
});

test('a point beyond reach has the greatest distance, and no surface gives no number', () => {
  const mesh = ballMesh([{ centre: middle, radiusMm: 10 }]);
  expect(indexSurface(mesh).signedDistance(Float32Array.of(500, 0, 0), 0)).toBe(farMm);
  const empty = { points: new Float32Array(), normals: new Float32Array(), triangles: new Uint32Array() };
  expect(indexSurface(empty).signedDistance(Float32Array.of(0, 0, 0), 0)).toBeNaN();
});

test('the tree finds what a search through all points finds', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const points = Float32Array.from({ length: 3 * 2000 }, () => Math.round(random() * 40));
  const tree = new PointTree(points);
  for (let query = 0; query < 200; query++) {
    const [x, y, z] = [random() * 60 - 10, random() * 60 - 10, random() * 60 - 10];
    tree.nearest(x, y, z);
    let least = Infinity;
    for (let at = 0; at < points.length; at += 3) {
      least = Math.min(
        least,
        (points[at]! - x) ** 2 + (points[at + 1]! - y) ** 2 + (points[at + 2]! - z) ** 2,
      );
    }
    expect(tree.squared).toBeCloseTo(least, 6);
  }
});

test('a bump is one spot, at its tip, with its height', () => {
  const plain = ballMesh([{ centre: middle, radiusMm: 12 }]);
  const bumped = ballMesh([
    { centre: middle, radiusMm: 12 },
    { centre: [2, -1, 15], radiusMm: 4 },
  ]);
  const spots = findSpots(bumped, distances(bumped, plain), rules);
  expect(spots).toHaveLength(1);
  expect(spots[0]!.distanceMm).toBeCloseTo(4, 0);
  expect(spots[0]!.lps[2]).toBeGreaterThan(18);
  expect(worstSpots([...spots, ...spots], 5, 10)).toHaveLength(1);
});

test('a small speck far away comes after a large patch nearby', () => {
  const plain = ballMesh([{ centre: middle, radiusMm: 10 }]);
  const failed = ballMesh([
    { centre: middle, radiusMm: 14 },
    { centre: [2, -1, 31], radiusMm: 2 },
  ]);
  const [patch, speck] = findSpots(failed, distances(failed, plain), rules);
  expect(patch!.distanceMm).toBeCloseTo(4, 0);
  expect(patch!.amountMm3 / patch!.areaMm2).toBeCloseTo(4, 0);
  expect(speck!.distanceMm).toBeGreaterThan(10);
});

test('a surface that ends at the edge of the grid is no spot there', () => {
  const edge = applyAffine(grid.indexToLps, [30, 26, 25]);
  const cut = ballMesh([{ centre: edge, radiusMm: 3 }]);
  const other = ballMesh([{ centre: applyAffine(grid.indexToLps, [30, 26, 5]), radiusMm: 3 }]);
  const [found] = findSpots(cut, distances(cut, other), { ...rules, leastAreaMm2: 0 });
  const index = found && applyAffine(invertAffine(grid.indexToLps), found.lps);
  expect(index?.[2] ?? 0).toBeLessThanOrEqual(23.5);
});
