/**
 * How deep a point of the surface lies between other bone, for shading: the share of bone in a coarse grid, read a little way out
 * along the normal (the idea of ambient occlusion; L. Ritter et al., "Real-time illustration of vascular structures", 2006, and
 * others). It shows grooves and joints that a lamp at the camera leaves flat.
 */
import { affineOf, invertAffine, spacingOf } from './geometry.ts';
import { coarsen } from './meshCoarse.ts';
import type { Mesh, MeshVolume } from './meshTypes.ts';

const blockMm = 4;
/** Distances from the surface at which bone is looked for, mm. */
const reachMm = [4, 8, 14];

/** 255 where the surface lies free, 0 where it is buried. */
export function shadeMesh(
  { points, normals }: Mesh,
  volume: MeshVolume,
  thresholdHu: number,
): Uint8Array<ArrayBuffer> {
  const bone = boneShares(volume, thresholdHu);
  const [nx, ny, nz] = bone.size;
  const m = Float64Array.from(invertAffine(affineOf(bone)));
  const shares = bone.data;
  const out = new Uint8Array(points.length / 3);
  const index = [0, 0, 0];
  for (let p = 0, at = 0; at < out.length; at++, p += 3) {
    let buried = 0;
    for (const reach of reachMm) {
      const x = (points[p] as number) + reach * (normals[p] as number);
      const y = (points[p + 1] as number) + reach * (normals[p + 1] as number);
      const z = (points[p + 2] as number) + reach * (normals[p + 2] as number);
      for (let r = 0; r < 3; r++) {
        index[r] =
          (m[4 * r] as number) * x +
          (m[4 * r + 1] as number) * y +
          (m[4 * r + 2] as number) * z +
          (m[4 * r + 3] as number);
      }
      const i = Math.floor(index[0] as number);
      const j = Math.floor(index[1] as number);
      const k = Math.floor(index[2] as number);
      if (i < 0 || j < 0 || k < 0 || i + 1 >= nx || j + 1 >= ny || k + 1 >= nz) continue;
      const u = (index[0] as number) - i;
      const v = (index[1] as number) - j;
      const w = (index[2] as number) - k;
      const from = i + nx * (j + ny * k);
      const up = from + nx * ny;
      const line = (a: number): number => (shares[a] as number) * (1 - u) + (shares[a + 1] as number) * u;
      buried +=
        (line(from) * (1 - v) + line(from + nx) * v) * (1 - w) + (line(up) * (1 - v) + line(up + nx) * v) * w;
    }
    out[at] = Math.round(255 * Math.max(0, 1 - (1.1 * buried) / reachMm.length));
  }
  return out;
}

function boneShares(volume: MeshVolume, thresholdHu: number): MeshVolume {
  const data = new Uint8Array(volume.data.length);
  for (let at = 0; at < data.length; at++) data[at] = (volume.data[at] as number) > thresholdHu ? 1 : 0;
  const [x, y, z] = spacingOf(volume);
  const voxels = (mm: number): number => Math.max(1, Math.round(blockMm / mm));
  return coarsen({ ...volume, data }, [voxels(x), voxels(y), voxels(z)]);
}
