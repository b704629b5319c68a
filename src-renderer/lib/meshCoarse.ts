/** A volume of fewer, larger voxels (block means), for the surface shown while the threshold moves. Thin bone looks thinner in it. */
import { affineOf, axisStep, spacingOf, type Vector3 } from './geometry.ts';
import type { MeshVolume } from './meshTypes.ts';

/** Voxels per block along i, j, k, so that at most `voxels` blocks remain: the finest axis is merged first. */
export function coarseFactors(volume: MeshVolume, voxels: number): Vector3 {
  const spacing = spacingOf(volume);
  const factors: [number, number, number] = [1, 1, 1];
  const blocks = (): number =>
    volume.size.reduce((n, size, axis) => n * Math.ceil(size / (factors[axis] ?? 1)), 1);
  while (blocks() > voxels) {
    const steps = spacing.map((mm, axis) => mm * (factors[axis] ?? 1));
    const finest = steps.indexOf(Math.min(...steps)) as 0 | 1 | 2;
    factors[finest]++;
  }
  return factors;
}

/** Means of blocks of `factors` voxels; border blocks may hold fewer. */
export function coarsen(volume: MeshVolume, factors: Vector3): MeshVolume {
  const [nx, ny, nz] = volume.size;
  const [fx, fy, fz] = factors;
  const size: Vector3 = [Math.ceil(nx / fx), Math.ceil(ny / fy), Math.ceil(nz / fz)];
  const sums = new Float32Array(size[0] * size[1] * size[2]);
  const counts = new Uint16Array(sums.length);
  const column = Int32Array.from({ length: nx }, (_, i) => Math.floor(i / fx));
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = size[0] * (Math.floor(j / fy) + size[1] * Math.floor(k / fz));
      for (let i = 0; i < nx; i++, at++) {
        const block = row + (column[i] as number);
        sums[block] = (sums[block] as number) + (volume.data[at] as number);
        counts[block] = (counts[block] as number) + 1;
      }
    }
  }
  for (let block = 0; block < sums.length; block++) {
    sums[block] = (sums[block] as number) / (counts[block] as number);
  }
  return { size, indexToLps: blockAffine(volume, factors), data: sums };
}

/** Block index → LPS mm: block 0 is centred on its own voxels. */
function blockAffine(volume: MeshVolume, factors: Vector3): number[] {
  const affine = affineOf(volume);
  const steps = [axisStep(affine, 0), axisStep(affine, 1), axisStep(affine, 2)] as const;
  return [0, 1, 2].flatMap((row) => {
    const along = steps.map((step) => step[row as 0 | 1 | 2]);
    const origin = affine[(4 * row + 3) as 3 | 7 | 11];
    const shift = along.reduce((sum, mm, axis) => sum + (mm * ((factors[axis] ?? 1) - 1)) / 2, 0);
    return [...along.map((mm, axis) => mm * (factors[axis] ?? 1)), origin + shift];
  });
}
