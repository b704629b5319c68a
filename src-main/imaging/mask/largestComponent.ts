/** The largest face-connected (6-neighbour) part of a binary mask, by union–find over one raster scan. */
import type { Vector3 } from '../../shared/affine.ts';

/** The largest part, values 0 and 1 (the first in raster order among equals); all 0 when `mask` is empty. */
export function largestComponent(mask: ArrayLike<number>, [nx, ny, nz]: Vector3): Uint8Array {
  const total = nx * ny * nz;
  /** Parent of each voxel's set; a root's is itself, and it is the set's first voxel. */
  const parent = new Int32Array(total).fill(-1);
  const find = (voxel: number): number => {
    let root = voxel;
    while (parent[root] !== root) root = parent[root] as number;
    while (parent[voxel] !== root) {
      const next = parent[voxel] as number;
      parent[voxel] = root;
      voxel = next;
    }
    return root;
  };
  const join = (a: number, b: number): void => {
    const rootA = find(a);
    const rootB = find(b);
    if (rootA < rootB) parent[rootB] = rootA;
    else parent[rootA] = rootB;
  };
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at]) continue;
        parent[at] = at;
        if (i > 0 && mask[at - 1]) join(at, at - 1);
        if (j > 0 && mask[at - nx]) join(at, at - nx);
        if (k > 0 && mask[at - nx * ny]) join(at, at - nx * ny);
      }
    }
  }
  const counts = new Int32Array(total);
  let best = -1;
  for (let voxel = 0; voxel < total; voxel++) {
    if ((parent[voxel] as number) < 0) continue;
    const root = find(voxel);
    counts[root] = (counts[root] as number) + 1;
  }
  for (let voxel = 0; voxel < total; voxel++) {
    if ((counts[voxel] as number) > (best < 0 ? 0 : (counts[best] as number))) best = voxel;
  }
  const out = new Uint8Array(total);
  if (best < 0) return out;
  for (let voxel = 0; voxel < total; voxel++) {
    if ((parent[voxel] as number) >= 0 && find(voxel) === best) out[voxel] = 1;
  }
  return out;
}
