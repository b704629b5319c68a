/**
 * Where two bones differ most: connected patches of a surface whose distance to the other is beyond a limit. Near the faces of the grid
 * bone is cut off and its surface open, so that distances there say nothing: such points belong to no patch.
 */
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import { affineOf, applyAffine, invertAffine, type Vector3 } from './geometry.ts';
import type { Mesh } from './meshTypes.ts';

export interface Spot {
  /** The farthest point, LPS mm. */
  readonly lps: Vector3;
  /** Its signed distance in mm. */
  readonly distanceMm: number;
  readonly areaMm2: number;
  /** Area times distance, a point's distance counted up to `countedMm`: about as much bone as is missing or too much there. */
  readonly amountMm3: number;
  /** Unit vector out of the bone at the point. */
  readonly normal: Vector3;
}

export interface SpotRules {
  readonly limitMm: number;
  /** Smaller patches are left out: a few triangles are noise. */
  readonly leastAreaMm2: number;
  /** The grid both bones come from. */
  readonly grid: GridBody;
}

/** A speck of bone far from all other bone is small however far it lies. */
const countedMm = 10;

/** Voxels next to a face of the grid in which surfaces end. */
const openVoxels = 1.5;

/** The patches of `mesh` whose points are all farther than the limit and on one side, the largest amount first. */
export function findSpots(
  mesh: Mesh,
  distancesMm: Float32Array,
  { limitMm, leastAreaMm2, grid }: SpotRules,
): Spot[] {
  const { points, triangles } = mesh;
  const sides = sidesOf(points, distancesMm, limitMm, grid);
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
  const patches = new Map<number, { areaMm2: number; amountMm3: number; farthest: number }>();
  for (const pass of ['join', 'weigh'] as const) {
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [triangles[at] ?? 0, triangles[at + 1] ?? 0, triangles[at + 2] ?? 0];
      if (sides[a] === 0 || sides[a] !== sides[b] || sides[a] !== sides[c]) continue;
      if (pass === 'join') {
        parents[rootOf(b)] = rootOf(a);
        parents[rootOf(c)] = rootOf(a);
        continue;
      }
      const far = (point: number): number => Math.abs(distancesMm[point] as number);
      const counted = (point: number): number => Math.min(countedMm, far(point));
      const root = rootOf(a);
      const patch = patches.get(root) ?? { areaMm2: 0, amountMm3: 0, farthest: a };
      const areaMm2 = triangleArea(points, a, b, c);
      patches.set(root, {
        areaMm2: patch.areaMm2 + areaMm2,
        amountMm3: patch.amountMm3 + (areaMm2 * (counted(a) + counted(b) + counted(c))) / 3,
        farthest: [a, b, c].reduce((most, point) => (far(point) > far(most) ? point : most), patch.farthest),
      });
    }
  }
  return [...patches.values()]
    .filter(({ areaMm2 }) => areaMm2 >= leastAreaMm2)
    .map(({ farthest, ...patch }) => ({ ...patch, ...pointAt(mesh, distancesMm, farthest) }))
    .sort((a, b) => b.amountMm3 - a.amountMm3);
}

/** The largest of several lists, without those within `apartMm` of a larger one. */
export function worstSpots<T extends Spot>(spots: readonly T[], count: number, apartMm: number): T[] {
  const chosen: T[] = [];
  for (const spot of spots.toSorted((a, b) => b.amountMm3 - a.amountMm3)) {
    const near = chosen.some(
      ({ lps }) => Math.hypot(lps[0] - spot.lps[0], lps[1] - spot.lps[1], lps[2] - spot.lps[2]) < apartMm,
    );
    if (!near) chosen.push(spot);
    if (chosen.length === count) break;
  }
  return chosen;
}

/** 1 or −1 for points beyond the limit outside or inside the other bone, else 0. */
function sidesOf(
  points: Float32Array,
  distancesMm: Float32Array,
  limitMm: number,
  grid: GridBody,
): Int8Array {
  const toIndex = invertAffine(affineOf(grid));
  return Int8Array.from(distancesMm, (mm, point) => {
    if (Math.abs(mm) <= limitMm) return 0;
    const lps: Vector3 = [points[3 * point] ?? 0, points[3 * point + 1] ?? 0, points[3 * point + 2] ?? 0];
    const isOpen = applyAffine(toIndex, lps).some(
      (at, axis) => at < openVoxels || at > (grid.size[axis] ?? 0) - 1 - openVoxels,
    );
    return isOpen ? 0 : Math.sign(mm);
  });
}

function pointAt(
  { points, normals }: Mesh,
  distancesMm: Float32Array,
  point: number,
): Pick<Spot, 'distanceMm' | 'lps' | 'normal'> {
  const at = 3 * point;
  return {
    lps: [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0],
    normal: [normals[at] ?? 0, normals[at + 1] ?? 0, normals[at + 2] ?? 0],
    distanceMm: distancesMm[point] ?? 0,
  };
}

function triangleArea(points: Float32Array, a: number, b: number, c: number): number {
  const difference = (p: number, q: number, axis: number): number =>
    (points[3 * p + axis] as number) - (points[3 * q + axis] as number);
  const [ux, uy, uz] = [difference(b, a, 0), difference(b, a, 1), difference(b, a, 2)];
  const [vx, vy, vz] = [difference(c, a, 0), difference(c, a, 1), difference(c, a, 2)];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
