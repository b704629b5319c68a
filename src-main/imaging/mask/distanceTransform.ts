/**
 * Exact squared Euclidean distance to the nearest set voxel, for anisotropic voxels: the lower envelope of parabolas, one
 * axis after the other (P. Felzenszwalb, D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8,
 * 2012). Distances are between voxel centres. Linear time in the number of voxels; one Float32 per voxel.
 */
import type { Vector3 } from '../../shared/affine.ts';

/**
 * Squared distance from every voxel centre to the nearest non-zero voxel of `mask`, in the unit of `spacing` squared; 0 on the
 * mask, Infinity everywhere when it is empty. An axis of infinite spacing is not crossed.
 */
export function squaredDistance(
  mask: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  spacing: Vector3,
): Float32Array {
  const out = new Float32Array(nx * ny * nz);
  for (let at = 0; at < out.length; at++) out[at] = mask[at] ? 0 : Infinity;
  const envelope = createEnvelope(Math.max(nx, ny, nz));
  const sweep = (count: number, stride: number, starts: Iterable<number>, step: number): void => {
    if (count < 2 || !Number.isFinite(step)) return;
    for (const start of starts) envelope(out, start, stride, count, step * step);
  };
  sweep(nx, 1, range(0, nx * ny * nz, nx), spacing[0]);
  sweep(ny, nx, planeRows(nx, nx * ny, nz), spacing[1]);
  sweep(nz, nx * ny, range(0, nx * ny, 1), spacing[2]);
  return out;
}

function* range(from: number, to: number, step: number): Generator<number> {
  for (let at = from; at < to; at += step) yield at;
}

/** The first voxel of every line along j. */
function* planeRows(nx: number, plane: number, nz: number): Generator<number> {
  for (let k = 0; k < nz; k++) for (let i = 0; i < nx; i++) yield i + plane * k;
}

type LineTransform = (
  data: Float32Array,
  start: number,
  stride: number,
  count: number,
  step2: number,
) => void;

/** One line of the transform in place, f(p) ← min over q of f(q) + step²·(p − q)². */
function createEnvelope(longest: number): LineTransform {
  const f = new Float64Array(longest);
  /** Index of each parabola of the envelope, and where it takes over from the one before. */
  const roots = new Int32Array(longest);
  const borders = new Float64Array(longest + 1);
  return (data, start, stride, count, step2) => {
    let last = -1;
    let flat = true;
    for (let q = 0; q < count; q++) {
      const value = data[start + q * stride] as number;
      f[q] = value;
      if (value !== 0) flat = false;
      if (value === Infinity) continue;
      let border = -Infinity;
      while (last >= 0) {
        const root = roots[last] as number;
        border = ((value - (f[root] as number)) / step2 + q * q - root * root) / (2 * (q - root));
        if (border > (borders[last] as number)) break;
        last--;
      }
      if (last < 0) border = -Infinity;
      last++;
      roots[last] = q;
      borders[last] = border;
    }
    if (last < 0 || flat) return;
    let piece = 0;
    for (let p = 0; p < count; p++) {
      while (piece < last && (borders[piece + 1] as number) < p) piece++;
      const root = roots[piece] as number;
      data[start + p * stride] = (f[root] as number) + step2 * (p - root) * (p - root);
    }
  };
}
