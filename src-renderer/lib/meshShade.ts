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
  const bone = new BoneShares(volume, thresholdHu);
  const out = new Uint8Array(points.length / 3);
  for (let p = 0, at = 0; at < out.length; at++, p += 3) {
    let buried = 0;
    for (const reach of reachMm) {
      buried += bone.at(
        (points[p] as number) + reach * (normals[p] as number),
        (points[p + 1] as number) + reach * (normals[p + 1] as number),
        (points[p + 2] as number) + reach * (normals[p + 2] as number),
      );
    }
    out[at] = Math.round(255 * Math.max(0, 1 - (1.1 * buried) / reachMm.length));
  }
  return out;
}

/** The share of voxels above the threshold in blocks of about `blockMm`, linear between their centres. */
class BoneShares {
  readonly #blocks: MeshVolume;
  readonly #toIndex: Float64Array;

  constructor(volume: MeshVolume, thresholdHu: number) {
    const data = new Uint8Array(volume.data.length);
    for (let at = 0; at < data.length; at++) data[at] = (volume.data[at] as number) > thresholdHu ? 1 : 0;
    const [x, y, z] = spacingOf(volume).map((mm) => Math.max(1, Math.round(blockMm / mm))) as [
      number,
      number,
      number,
    ];
    this.#blocks = coarsen({ ...volume, data }, [x, y, z]);
    this.#toIndex = Float64Array.from(invertAffine(affineOf(this.#blocks)));
  }

  /** 0…1 at a point in LPS mm; 0 outside. */
  at(x: number, y: number, z: number): number {
    const m = this.#toIndex;
    const shares = this.#blocks.data;
    const [nx, ny, nz] = this.#blocks.size;
    const u = (m[0] as number) * x + (m[1] as number) * y + (m[2] as number) * z + (m[3] as number);
    const v = (m[4] as number) * x + (m[5] as number) * y + (m[6] as number) * z + (m[7] as number);
    const w = (m[8] as number) * x + (m[9] as number) * y + (m[10] as number) * z + (m[11] as number);
    const i = Math.floor(u);
    const j = Math.floor(v);
    const k = Math.floor(w);
    if (i < 0 || j < 0 || k < 0 || i + 1 >= nx || j + 1 >= ny || k + 1 >= nz) return 0;
    const from = i + nx * (j + ny * k);
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const share = shares[
        from + (corner & 1) + nx * ((corner >> 1) & 1) + nx * ny * (corner >> 2)
      ] as number;
      const alongI = corner & 1 ? u - i : 1 - u + i;
      const alongJ = corner & 2 ? v - j : 1 - v + j;
      const alongK = corner & 4 ? w - k : 1 - w + k;
      sum += share * alongI * alongJ * alongK;
    }
    return sum;
  }
}
