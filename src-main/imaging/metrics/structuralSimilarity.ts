/**
 * Structural similarity in 3-D over a mask, as the official SynthRAD2023 metric takes it from scikit-image's
 * `structural_similarity(win_size=7, data_range=R, full=True)` (Z. Wang et al., IEEE Trans. Image Process. 13, 2004):
 * uniform 7 × 7 × 7 window, K1 = 0.01, K2 = 0.03, sample covariance (n / (n − 1), n = 343), the map cropped by 3 voxels on every
 * face, mean over the masked voxels of the rest.
 *
 * Box sums run slice by slice in double precision, so memory is about 50 slices whatever the volume's height.
 */
import type { Vector3 } from '../../shared/affine.ts';

const WINDOW = 7;
const HALF = 3;
const COUNT = WINDOW ** 3;
/** Moments kept: x, y, x², y², xy. */
const MOMENTS = 5;

/**
 * Mean SSIM where `mask` is non-zero. `readA` and `readB` give the value of a voxel by its number, already clipped and shifted.
 * Null where it is undefined: a side shorter than 7 voxels, or no masked voxel at least 3 voxels from every face.
 */
export function structuralSimilarity(
  readA: (at: number) => number,
  readB: (at: number) => number,
  mask: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  dataRange: number,
): number | null {
  if (Math.min(nx, ny, nz) < WINDOW) return null;
  const plane = nx * ny;
  const moments = createPlaneSums(nx, ny, MOMENTS);
  const ring = Array.from({ length: WINDOW }, () => new Float64Array(MOMENTS * plane));
  const sums = new Float64Array(MOMENTS * plane);
  const c1 = (0.01 * dataRange) ** 2;
  const c2 = (0.03 * dataRange) ** 2;
  let total = 0;
  let voxels = 0;
  for (let k = 0; k < nz; k++) {
    const oldest = ring[k % WINDOW] as Float64Array;
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) - (oldest[at] as number);
    for (let at = 0; at < plane; at++) {
      const a = readA(plane * k + at);
      const b = readB(plane * k + at);
      oldest[at] = a;
      oldest[plane + at] = b;
      oldest[2 * plane + at] = a * a;
      oldest[3 * plane + at] = b * b;
      oldest[4 * plane + at] = a * b;
    }
    moments(oldest);
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (oldest[at] as number);
    if (k < WINDOW - 1) continue;
    for (let j = HALF; j < ny - HALF; j++) {
      for (let i = HALF; i < nx - HALF; i++) {
        const at = i + nx * j;
        if (!((mask[plane * (k - HALF) + at] as number) > 0)) continue;
        const meanA = (sums[at] as number) / COUNT;
        const meanB = (sums[plane + at] as number) / COUNT;
        const unbiased = COUNT / (COUNT - 1);
        const varianceA = unbiased * ((sums[2 * plane + at] as number) / COUNT - meanA * meanA);
        const varianceB = unbiased * ((sums[3 * plane + at] as number) / COUNT - meanB * meanB);
        const covariance = unbiased * ((sums[4 * plane + at] as number) / COUNT - meanA * meanB);
        total +=
          ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
          ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2));
        voxels++;
      }
    }
  }
  return voxels > 0 ? total / voxels : null;
}

/** Replaces each of `layers` planes by its 7 × 7 box sums (valid at least 3 voxels from the border; 0 elsewhere). */
function createPlaneSums(nx: number, ny: number, layers: number): (planes: Float64Array) => void {
  const rows = new Float64Array(nx * ny);
  return (planes) => {
    for (let layer = 0; layer < layers; layer++) {
      const base = layer * nx * ny;
      for (let j = 0; j < ny; j++) {
        const row = base + nx * j;
        let sum = 0;
        for (let i = 0; i < nx; i++) {
          sum += planes[row + i] as number;
          if (i >= WINDOW) sum -= planes[row + i - WINDOW] as number;
          if (i >= WINDOW - 1) rows[nx * j + i - HALF] = sum;
        }
      }
      planes.fill(0, base, base + nx * ny);
      for (let i = HALF; i < nx - HALF; i++) {
        let sum = 0;
        for (let j = 0; j < ny; j++) {
          sum += rows[nx * j + i] as number;
          if (j >= WINDOW) sum -= rows[nx * (j - WINDOW) + i] as number;
          if (j >= WINDOW - 1) planes[base + nx * (j - HALF) + i] = sum;
        }
      }
    }
  };
}
