/** Area and enclosed volume of a triangle mesh. */
import type { Mesh } from './meshTypes.ts';

export interface MeshMeasure {
  readonly areaMm2: number;
  /** By the divergence theorem; only means something where the surface is closed. */
  readonly volumeMm3: number;
}

export function measureMesh({ points, triangles }: Pick<Mesh, 'points' | 'triangles'>): MeshMeasure {
  let areaMm2 = 0;
  let volumeMm3 = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [3 * (triangles[at] ?? 0), 3 * (triangles[at + 1] ?? 0), 3 * (triangles[at + 2] ?? 0)];
    const ax = points[a] ?? 0;
    const ay = points[a + 1] ?? 0;
    const az = points[a + 2] ?? 0;
    const [ux, uy, uz] = [(points[b] ?? 0) - ax, (points[b + 1] ?? 0) - ay, (points[b + 2] ?? 0) - az];
    const [vx, vy, vz] = [(points[c] ?? 0) - ax, (points[c + 1] ?? 0) - ay, (points[c + 2] ?? 0) - az];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    areaMm2 += Math.hypot(nx, ny, nz) / 2;
    volumeMm3 += (ax * nx + ay * ny + az * nz) / 6;
  }
  return { areaMm2, volumeMm3 };
}
