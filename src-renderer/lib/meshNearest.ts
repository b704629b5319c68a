/**
 * Signed distance from points to a triangle mesh, in mm: positive outside the bone, negative inside.
 *
 * Points of the mesh are sorted into cubes; an exact distance transform over the cubes says how far the search must start. The
 * nearest mesh point gives the triangles around it, and the distance is to the nearest spot on those, which is exact wherever
 * triangles are small against the bone's curvature, as those of marching cubes are. The side is that of the nearest triangle's
 * plane weighed with its point's normal.
 */
import { squaredDistance } from './meshDistanceTransform.ts';
import type { Mesh } from './meshTypes.ts';
import { nearestOnTriangle } from './meshTriangle.ts';

/** Edge of a cube, mm. */
const cubeMm = 4;

/** Points farther away than this are given this distance: it is bone where the other has none at all. */
export const farMm = 40;

export interface SurfaceIndex {
  /** Distance in mm of the point at `at`, `at + 1`, `at + 2` of `points`; NaN for a mesh without triangles. */
  signedDistance(points: Float32Array, at: number): number;
}

export function indexSurface(mesh: Mesh): SurfaceIndex {
  if (mesh.triangles.length === 0) return { signedDistance: () => NaN };
  const cubes = sortIntoCubes(mesh.points);
  const around = trianglesAround(mesh);
  return {
    signedDistance(points, at) {
      const [x, y, z] = [points[at] as number, points[at + 1] as number, points[at + 2] as number];
      const nearest = nearestPoint(cubes, mesh.points, x, y, z);
      return nearest < 0 ? farMm : Math.min(farMm, distanceAround(mesh, around, nearest, x, y, z));
    },
  };
}

interface Cubes {
  readonly from: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  /** Point numbers by cube, and where each cube's begin. */
  readonly order: Int32Array;
  readonly starts: Int32Array;
  /** Distance in cubes to the nearest one with points. */
  readonly reach: Float32Array;
}

function sortIntoCubes(points: Float32Array): Cubes {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at++) {
    const value = points[at] as number;
    if (value < (low[at % 3] as number)) low[at % 3] = value;
    if (value > (high[at % 3] as number)) high[at % 3] = value;
  }
  const from = [low[0] ?? 0, low[1] ?? 0, low[2] ?? 0] as const;
  const along = (axis: 0 | 1 | 2): number => Math.floor(((high[axis] ?? 0) - from[axis]) / cubeMm) + 1;
  const size = [along(0), along(1), along(2)] as const;
  const cubeOf = (p: number): number =>
    Math.floor(((points[p] as number) - from[0]) / cubeMm) +
    size[0] *
      (Math.floor(((points[p + 1] as number) - from[1]) / cubeMm) +
        size[1] * Math.floor(((points[p + 2] as number) - from[2]) / cubeMm));
  const count = points.length / 3;
  const starts = new Int32Array(size[0] * size[1] * size[2] + 1);
  for (let n = 0; n < count; n++) starts[cubeOf(3 * n) + 1] = (starts[cubeOf(3 * n) + 1] as number) + 1;
  const used = Uint8Array.from(starts.subarray(1), (n) => (n > 0 ? 1 : 0));
  for (let cube = 1; cube < starts.length; cube++) {
    starts[cube] = (starts[cube] as number) + (starts[cube - 1] as number);
  }
  const next = starts.slice();
  const order = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const cube = cubeOf(3 * n);
    order[next[cube] as number] = n;
    next[cube] = (next[cube] as number) + 1;
  }
  return { from, size, order, starts, reach: squaredDistance(used, size, [1, 1, 1]).map(Math.sqrt) };
}

/** Searches shells of cubes, from the first that can hold a point to the last that can hold a nearer one; −1 beyond `farMm`. */
function nearestPoint(
  { from, size, order, starts, reach }: Cubes,
  points: Float32Array,
  x: number,
  y: number,
  z: number,
): number {
  const hold = (value: number, axis: 0 | 1 | 2): number =>
    Math.min(size[axis] - 1, Math.max(0, Math.floor(value)));
  const i = hold((x - from[0]) / cubeMm, 0);
  const j = hold((y - from[1]) / cubeMm, 1);
  const k = hold((z - from[2]) / cubeMm, 2);
  let best = -1;
  let bestSquared = Infinity;
  const reachCubes = reach[i + size[0] * (j + size[1] * k)] as number;
  if ((reachCubes - 2) * cubeMm > farMm) return -1;
  let shell = Math.ceil(reachCubes / Math.sqrt(3) - 1e-3);
  const last = Math.max(...size) + 1;
  for (; shell <= last; shell++) {
    for (let c = Math.max(0, k - shell); c <= Math.min(size[2] - 1, k + shell); c++) {
      for (let b = Math.max(0, j - shell); b <= Math.min(size[1] - 1, j + shell); b++) {
        const face = Math.abs(c - k) === shell || Math.abs(b - j) === shell;
        const step = face || shell === 0 ? 1 : 2 * shell;
        for (let a = i - shell; a <= i + shell; a += step) {
          if (a < 0 || a >= size[0]) continue;
          const cube = a + size[0] * (b + size[1] * c);
          for (let n = starts[cube] as number; n < (starts[cube + 1] as number); n++) {
            const p = 3 * (order[n] as number);
            const squared =
              ((points[p] as number) - x) ** 2 +
              ((points[p + 1] as number) - y) ** 2 +
              ((points[p + 2] as number) - z) ** 2;
            if (squared < bestSquared) {
              bestSquared = squared;
              best = order[n] as number;
            }
          }
        }
      }
    }
    // Cubes of the next shells are farther than this.
    if (best >= 0 && bestSquared <= (shell * cubeMm) ** 2) break;
  }
  return best;
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
    const squared = nearestOnTriangle(
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
