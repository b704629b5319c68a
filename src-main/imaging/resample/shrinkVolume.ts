/**
 * A coarser volume by averaging blocks of whole voxels, so that shrinking does not alias. Voxels beyond the last whole block are left out.
 */
import { affineSpacing, applyAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import { voxelCount, type Grid, type Volume } from '../../shared/volume.ts';

/** Averages blocks of `factors` voxels along i, j, k (whole numbers from 1; an axis with fewer voxels becomes one). */
export function shrinkVolume({ grid, data }: Volume, factors: Vector3): Volume<Float32Array> {
  const [fx, fy, fz] = factors.map((factor, axis) => Math.min(factor, grid.size[axis] as number)) as [
    number,
    number,
    number,
  ];
  const shrunk = shrunkGrid(grid, [fx, fy, fz]);
  const [sx, sy] = grid.size;
  const [nx, ny, nz] = shrunk.size;
  const out = new Float32Array(voxelCount(shrunk));
  const share = 1 / (fx * fy * fz);
  let at = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++) {
        let sum = 0;
        for (let dk = 0; dk < fz; dk++)
          for (let dj = 0; dj < fy; dj++) {
            const row = sx * (j * fy + dj + sy * (k * fz + dk)) + i * fx;
            for (let di = 0; di < fx; di++) sum += data[row + di] as number;
          }
        out[at] = sum * share;
      }
  return { grid: shrunk, data: out };
}

/** How many voxels along each axis come nearest to `spacingMm`; never fewer than one. */
export function shrinkFactors({ indexToLps }: Grid, spacingMm: number): Vector3 {
  const [x, y, z] = affineSpacing(indexToLps);
  const factor = (mm: number): number => Math.max(1, Math.round(spacingMm / mm));
  return [factor(x), factor(y), factor(z)];
}

function shrunkGrid({ size, indexToLps }: Grid, [fx, fy, fz]: Vector3): Grid {
  const [a, b, c, , d, e, f, , g, h, i] = indexToLps;
  const [x, y, z] = applyAffine(indexToLps, [(fx - 1) / 2, (fy - 1) / 2, (fz - 1) / 2]);
  const affine: Affine = [
    a * fx, b * fy, c * fz, x,
    d * fx, e * fy, f * fz, y,
    g * fx, h * fy, i * fz, z,
  ]; // prettier-ignore
  return {
    size: [Math.floor(size[0] / fx), Math.floor(size[1] / fy), Math.floor(size[2] / fz)],
    indexToLps: affine,
  };
}
