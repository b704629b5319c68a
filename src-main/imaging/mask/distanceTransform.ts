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
  for (let row = 0; row < out.length; row += nx) fillRow(mask, out, row, nx, spacing[0]);
  const envelope = createEnvelope(Math.max(ny, nz));
  const sweep = (count: number, stride: number, starts: Iterable<number>, step: number): void => {
    if (count < 2 || !Number.isFinite(step)) return;
    for (const start of starts) envelope(out, start, stride, count, step * step);
  };
  sweep(ny, nx, planeRows(nx, nx * ny, nz), spacing[1]);
  sweep(nz, nx * ny, range(0, nx * ny, 1), spacing[2]);
  return out;
}

/** A row's squared distances along itself: to the last set voxel on the way there, then to the nearer of it and the next on the way back. */
function fillRow(mask: ArrayLike<number>, out: Float32Array, row: number, count: number, step: number): void {
  const step2 = step * step;
  let nearest = -Infinity;
  for (let at = 0; at < count; at++) {
    if (mask[row + at]) nearest = at;
    out[row + at] = at === nearest ? 0 : step2 * (at - nearest) * (at - nearest);
  }
  nearest = Infinity;
  for (let at = count - 1; at >= 0; at--) {
    if (mask[row + at]) nearest = at;
    const back = at === nearest ? 0 : step2 * (nearest - at) * (nearest - at);
    if (back < (out[row + at] as number)) out[row + at] = back;
  }
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
  /** f/step² + q², from which two parabolas' border is one difference and one division. */
  const heights = new Float64Array(longest);
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
      const height = value / step2 + q * q;
      heights[q] = height;
      let border = -Infinity;
      while (last >= 0) {
        const root = roots[last] as number;
        border = (height - (heights[root] as number)) / (2 * (q - root));
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
