import { expect, test } from 'vitest';
import { caseTriangles } from '../../../src-renderer/lib/meshCaseTable.ts';
import { estimateTriangles, extractIsosurface } from '../../../src-renderer/lib/meshIsosurface.ts';
import { measureMesh } from '../../../src-renderer/lib/meshMeasure.ts';
import { measureRanges } from '../../../src-renderer/lib/meshRanges.ts';
import { finish, type Mesh, type MeshVolume } from '../../../src-renderer/lib/meshTypes.ts';
import { balls, obliqueAffine } from './spherePhantom.ts';

const radiusMm = 18;
const straight = balls(
  [48, 48, 48],
  [1, 0, 0, -24, 0, 1, 0, -23, 0, 0, 1, -23.5],
  [{ centre: [0, 0, 0], radiusMm }],
);
const oblique = balls([52, 46, 24], obliqueAffine([-5, -38, -32]), [{ centre: [2, -1, 3], radiusMm: 15 }]);

function mesh(volume: MeshVolume, thresholdHu = 500): Mesh {
  return finish(extractIsosurface(volume, measureRanges(volume), { thresholdHu }));
}

/** How often each directed edge is used; a closed, consistently turned surface uses each once, and its opposite once. */
function directedEdges({ triangles }: Mesh): Map<string, number> {
  const seen = new Map<string, number>();
  for (let at = 0; at < triangles.length; at += 3) {
    for (let n = 0; n < 3; n++) {
      const key = `${triangles[at + n]!}>${triangles[at + ((n + 1) % 3)]!}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  return seen;
}

test('area and volume of a ball are right within 1 %', () => {
  const { areaMm2, volumeMm3 } = measureMesh(mesh(straight));
  expect(areaMm2 / (4 * Math.PI * radiusMm ** 2)).toBeCloseTo(1, 2);
  expect(volumeMm3 / ((4 / 3) * Math.PI * radiusMm ** 3)).toBeCloseTo(1, 2);
});

test('an oblique grid with unequal steps gives the same ball in LPS mm', () => {
  const { points, normals, triangles } = mesh(oblique);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y, z] = [points[at]! - 2, points[at + 1]! + 1, points[at + 2]! - 3];
    const distance = Math.hypot(x, y, z);
    expect(Math.abs(distance - 15)).toBeLessThan(0.06);
    expect((x * normals[at]! + y * normals[at + 1]! + z * normals[at + 2]!) / distance).toBeGreaterThan(0.98);
  }
  const { volumeMm3 } = measureMesh({ points, triangles });
  expect(Math.abs(volumeMm3 / ((4 / 3) * Math.PI * 15 ** 3) - 1)).toBeLessThan(0.015);
});

test('a mirrored grid still has its triangles turned outward', () => {
  const mirrored = { ...straight, indexToLps: [-1, 0, 0, 24, 0, 1, 0, -23, 0, 0, 1, -23.5] };
  expect(measureMesh(mesh(mirrored)).volumeMm3).toBeGreaterThan(0);
});

test('any noise gives a closed surface whose triangles agree on their side', () => {
  const size = [9, 8, 7] as const;
  const data = Float32Array.from({ length: 9 * 8 * 7 }, (_, at) => ((at * 7919) % 997) + ((at * 31) % 101));
  const [nx, ny] = size;
  for (let at = 0; at < data.length; at++) {
    const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
    if ([i, j, k].some((v, axis) => v === 0 || v === size[axis]! - 1)) data[at] = 0;
  }
  const edges = directedEdges(mesh({ size, data, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }, 520.5));
  expect(edges.size).toBeGreaterThan(500);
  for (const [key, uses] of edges) {
    expect(uses).toBe(1);
    expect(edges.get(key.split('>').reverse().join('>'))).toBe(1);
  }
});

test('a case and its complement cut the same edges', () => {
  caseTriangles.forEach((edges, inside) =>
    expect(new Set(edges)).toEqual(new Set(caseTriangles[255 - inside])),
  );
});

test('the estimate is near the true count', () => {
  const count = mesh(straight).triangles.length / 3;
  const estimate = estimateTriangles(straight, measureRanges(straight), 500);
  expect(Math.abs(estimate / count - 1)).toBeLessThan(0.1);
});

test('a threshold above every value gives no triangles', () => {
  expect(mesh(straight, 2000).triangles).toHaveLength(0);
});
