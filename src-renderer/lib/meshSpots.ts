/** Where two bones differ most: connected patches of a surface whose distance to the other is beyond a limit. */
import type { Vector3 } from './geometry.ts';
import type { Mesh } from './meshTypes.ts';

export interface Spot {
  /** The farthest point, LPS mm. */
  readonly lps: Vector3;
  /** Its signed distance in mm. */
  readonly distanceMm: number;
  readonly areaMm2: number;
  /** Unit vector out of the bone at the point. */
  readonly normal: Vector3;
}

export interface SpotRules {
  readonly limitMm: number;
  /** Smaller patches are left out: a few triangles are noise. */
  readonly leastAreaMm2: number;
}

/** The patches of `mesh` whose points are all farther than the limit and on one side, farthest first. */
export function findSpots(
  mesh: Mesh,
  distancesMm: Float32Array,
  { limitMm, leastAreaMm2 }: SpotRules,
): Spot[] {
  const { points, triangles } = mesh;
  const parents = Int32Array.from(distancesMm, (_, point) => point);
  const rootOf = (point: number): number => {
    let root = point;
    while (parents[root] !== root) root = parents[root] as number;
    while (parents[point] !== root) {
      const next = parents[point] as number;
      parents[point] = root;
      point = next;
    }
    return root;
  };
  const side = (point: number): number => {
    const mm = distancesMm[point] as number;
    return mm > limitMm ? 1 : mm < -limitMm ? -1 : 0;
  };
  const areas = new Map<number, number>();
  const sameSide = (a: number, b: number, c: number): boolean =>
    side(a) !== 0 && side(a) === side(b) && side(a) === side(c);
  for (const pass of ['join', 'weigh'] as const) {
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [triangles[at] ?? 0, triangles[at + 1] ?? 0, triangles[at + 2] ?? 0];
      if (!sameSide(a, b, c)) continue;
      if (pass === 'join') {
        parents[rootOf(b)] = rootOf(a);
        parents[rootOf(c)] = rootOf(a);
      } else {
        const root = rootOf(a);
        areas.set(root, (areas.get(root) ?? 0) + triangleArea(points, a, b, c));
      }
    }
  }
  const farthest = new Map<number, number>();
  for (let point = 0; point < distancesMm.length; point++) {
    if (side(point) === 0) continue;
    const root = rootOf(point);
    const best = farthest.get(root);
    if (best === undefined || Math.abs(distancesMm[point] ?? 0) > Math.abs(distancesMm[best] ?? 0)) {
      farthest.set(root, point);
    }
  }
  return [...farthest]
    .map(([root, point]) => spotAt(mesh, distancesMm, point, areas.get(root) ?? 0))
    .filter(({ areaMm2 }) => areaMm2 >= leastAreaMm2)
    .sort((a, b) => Math.abs(b.distanceMm) - Math.abs(a.distanceMm));
}

/** The worst of several lists, without those within `apartMm` of a worse one. */
export function worstSpots<T extends Spot>(spots: readonly T[], count: number, apartMm: number): T[] {
  const chosen: T[] = [];
  for (const spot of spots.toSorted((a, b) => Math.abs(b.distanceMm) - Math.abs(a.distanceMm))) {
    const near = chosen.some(
      ({ lps }) => Math.hypot(lps[0] - spot.lps[0], lps[1] - spot.lps[1], lps[2] - spot.lps[2]) < apartMm,
    );
    if (!near) chosen.push(spot);
    if (chosen.length === count) break;
  }
  return chosen;
}

function spotAt({ points, normals }: Mesh, distancesMm: Float32Array, point: number, areaMm2: number): Spot {
  const at = 3 * point;
  return {
    lps: [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0],
    normal: [normals[at] ?? 0, normals[at + 1] ?? 0, normals[at + 2] ?? 0],
    distanceMm: distancesMm[point] ?? 0,
    areaMm2,
  };
}

function triangleArea(points: Float32Array, a: number, b: number, c: number): number {
  const difference = (p: number, q: number, axis: number): number =>
    (points[3 * p + axis] as number) - (points[3 * q + axis] as number);
  const [ux, uy, uz] = [difference(b, a, 0), difference(b, a, 1), difference(b, a, 2)];
  const [vx, vy, vz] = [difference(c, a, 0), difference(c, a, 1), difference(c, a, 2)];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
