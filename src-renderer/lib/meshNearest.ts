/**
 * Signed distance from points to a triangle mesh, in mm: positive outside the bone, negative inside.
 *
 * The nearest point of the mesh gives the triangles around it, and the distance is to the nearest spot on those. That is exact
 * wherever triangles are small against the bone's curvature, as those of marching cubes are. The side is that of the nearest
 * point's tangent plane.
 */
import { PointTree } from './meshPointTree.ts';
import { squaredToTriangle } from './meshTriangle.ts';
import type { Mesh } from './meshTypes.ts';

/** Points farther away than this are given this distance: there is bone where the other has none near at all. */
export const farMm = 40;

export interface SurfaceIndex {
  /** Distance in mm of the point at `at`, `at + 1`, `at + 2` of `points`; NaN for a mesh without triangles. */
  signedDistance(points: Float32Array, at: number): number;
}

export function indexSurface(mesh: Mesh): SurfaceIndex {
  if (mesh.triangles.length === 0) return { signedDistance: () => NaN };
  const tree = new PointTree(mesh.points);
  const around = trianglesAround(mesh);
  return {
    signedDistance(points, at) {
      const [x, y, z] = [points[at] as number, points[at + 1] as number, points[at + 2] as number];
      const nearest = tree.nearest(x, y, z, farMm);
      return nearest < 0 ? farMm : Math.min(farMm, distanceAround(mesh, around, nearest, x, y, z));
    },
  };
}

interface Around {
  readonly triangles: Int32Array;
  readonly starts: Int32Array;
}

/** Numbers of the triangles at each point. */
function trianglesAround({ points, triangles }: Mesh): Around {
  const starts = new Int32Array(points.length / 3 + 1);
  for (const point of triangles) starts[point + 1] = (starts[point + 1] as number) + 1;
  for (let n = 1; n < starts.length; n++) starts[n] = (starts[n] as number) + (starts[n - 1] as number);
  const next = starts.slice();
  const out = new Int32Array(triangles.length);
  for (let at = 0; at < triangles.length; at++) {
    const point = triangles[at] as number;
    out[next[point] as number] = Math.floor(at / 3);
    next[point] = (next[point] as number) + 1;
  }
  return { triangles: out, starts };
}

function distanceAround(
  { points, normals, triangles }: Mesh,
  around: Around,
  point: number,
  x: number,
  y: number,
  z: number,
): number {
  let bestSquared = Infinity;
  for (let n = around.starts[point] as number; n < (around.starts[point + 1] as number); n++) {
    const t = 3 * (around.triangles[n] as number);
    const squared = squaredToTriangle(
      points,
      3 * (triangles[t] as number),
      3 * (triangles[t + 1] as number),
      3 * (triangles[t + 2] as number),
      x,
      y,
      z,
    );
    if (squared < bestSquared) bestSquared = squared;
  }
  const p = 3 * point;
  const side =
    (x - (points[p] as number)) * (normals[p] as number) +
    (y - (points[p + 1] as number)) * (normals[p + 1] as number) +
    (z - (points[p + 2] as number)) * (normals[p + 2] as number);
  return side < 0 ? -Math.sqrt(bestSquared) : Math.sqrt(bestSquared);
}
