/** Which voxels of one grid are bone in a volume on any grid, by the rules of an evaluation: linear, −1024 HU beyond the volume. */
import { affineOf, applyAffine, invertAffine, sameGrid, type Vector3 } from './geometry.ts';
import type { Steps } from './meshTypes.ts';
import { sampleAtIndex } from './sampling.ts';
import type { GridBody } from '../../src-main/api/contract/volumes.ts';
import type { LoadedVolume } from './volume.ts';

/** One byte per voxel of `grid`: 1 where `volume` is above the threshold and `within` (on `grid`) is set. */
export function* boneOnGrid(
  volume: LoadedVolume,
  grid: GridBody,
  thresholdHu: number,
  within?: Uint8Array,
): Steps<Uint8Array> {
  const [nx, ny, nz] = grid.size;
  const out = new Uint8Array(nx * ny * nz);
  const read = sameGrid(volume, grid) ? null : indexMap(grid, volume);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (within && !within[at]) continue;
        const value = read ? (sampleAtIndex(volume, read(i, j, k)) ?? -1024) : (volume.data[at] as number);
        if (value > thresholdHu) out[at] = 1;
      }
    }
    yield (k + 1) / nz;
  }
  return out;
}

/** A label volume on `grid` by its nearest voxels: 1 where it is above zero. */
export function maskOnGrid(mask: LoadedVolume, grid: GridBody): Uint8Array {
  const [nx, ny, nz] = grid.size;
  const out = new Uint8Array(nx * ny * nz);
  const same = sameGrid(mask, grid);
  const read = indexMap(grid, mask);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const value = same ? (mask.data[at] as number) : nearest(mask, read(i, j, k));
        if (value > 0) out[at] = 1;
      }
    }
  }
  return out;
}

function nearest({ size: [nx, ny, nz], data }: LoadedVolume, index: Vector3): number {
  const [i, j, k] = index.map(Math.round) as [number, number, number];
  const outside = i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz;
  return outside ? 0 : (data[i + nx * (j + ny * k)] as number);
}

/** Index of one grid → fractional index of another; rounding does not push a voxel off a centre. */
function indexMap(from: GridBody, to: GridBody): (i: number, j: number, k: number) => Vector3 {
  const [toLps, toIndex] = [affineOf(from), invertAffine(affineOf(to))];
  const settle = (value: number): number =>
    Math.abs(value - Math.round(value)) < 1e-4 ? Math.round(value) : value;
  return (i, j, k) => {
    const [x, y, z] = applyAffine(toIndex, applyAffine(toLps, [i, j, k]));
    return [settle(x), settle(y), settle(z)];
  };
}
