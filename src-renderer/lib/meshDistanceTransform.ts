/**
 * Exact squared Euclidean distance to the nearest set voxel: the lower envelope of parabolas, one axis after the other
 * (P. Felzenszwalb, D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8, 2012). The window's copy of
 * `src-main/imaging/mask/distanceTransform.ts`, as the window takes types alone from there; a test holds the two together.
 */
import type { Vector3 } from './geometry.ts';

/** In the unit of `spacing` squared; 0 on the mask, Infinity everywhere when it is empty. */
export function squaredDistance(
  mask: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  spacing: Vector3,
): Float32Array {
  const out = new Float32Array(nx * ny * nz);
  for (let at = 0; at < out.length; at++) out[at] = mask[at] ? 0 : Infinity;
  const line = new Envelope(Math.max(nx, ny, nz));
  for (let row = 0; row < ny * nz; row++) line.apply(out, row * nx, 1, nx, spacing[0] ** 2);
  for (let k = 0; k < nz; k++) {
    for (let i = 0; i < nx; i++) line.apply(out, i + nx * ny * k, nx, ny, spacing[1] ** 2);
  }
  for (let at = 0; at < nx * ny; at++) line.apply(out, at, nx * ny, nz, spacing[2] ** 2);
  return out;
}

class Envelope {
  readonly #values: Float64Array;
  /** Index of each parabola of the envelope, and where it takes over from the one before. */
  readonly #roots: Int32Array;
  readonly #borders: Float64Array;

  constructor(longest: number) {
    this.#values = new Float64Array(longest);
    this.#roots = new Int32Array(longest);
    this.#borders = new Float64Array(longest + 1);
  }

  /** One line in place: f(p) ← min over q of f(q) + step²·(p − q)². */
  apply(data: Float32Array, start: number, stride: number, count: number, step2: number): void {
    const f = this.#values;
    let last = -1;
    let flat = true;
    for (let q = 0; q < count; q++) {
      const value = data[start + q * stride] as number;
      f[q] = value;
      if (value !== 0) flat = false;
      if (value === Infinity) continue;
      let border = -Infinity;
      while (last >= 0) {
        const root = this.#roots[last] as number;
        border = ((value - (f[root] as number)) / step2 + q * q - root * root) / (2 * (q - root));
        if (border > (this.#borders[last] as number)) break;
        last--;
      }
      last++;
      this.#roots[last] = q;
      this.#borders[last] = last > 0 ? border : -Infinity;
    }
    if (last < 0 || flat) return;
    let piece = 0;
    for (let p = 0; p < count; p++) {
      while (piece < last && (this.#borders[piece + 1] as number) < p) piece++;
      const root = this.#roots[piece] as number;
      data[start + p * stride] = (f[root] as number) + step2 * (p - root) * (p - root);
    }
  }
}
