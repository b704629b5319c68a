/** Row-major 3×4 matrices between voxel index and LPS mm, as plain numbers for inner loops. */
import type { Point } from './meshTypes.ts';

/** The twelve elements, checked. */
export function elements(affine: readonly number[]): Float64Array {
  if (affine.length !== 12) throw new RangeError('An affine has twelve elements.');
  return Float64Array.from(affine);
}

export function transform(m: Float64Array, [x, y, z]: Point): Point {
  const row = (r: number): number =>
    (m[r] as number) * x + (m[r + 1] as number) * y + (m[r + 2] as number) * z + (m[r + 3] as number);
  return [row(0), row(4), row(8)];
}

/** Positive where i, j, k are a right-handed set in LPS. */
export function determinant(m: Float64Array): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = m;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** LPS mm → voxel index. Throws a RangeError when the matrix is singular. */
export function inverse(m: Float64Array): Float64Array {
  const scale = 1 / determinant(m);
  if (!Number.isFinite(scale)) throw new RangeError('The affine matrix is singular.');
  const [a = 0, b = 0, c = 0, x = 0, d = 0, e = 0, f = 0, y = 0, g = 0, h = 0, i = 0, z = 0] = m;
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ] as const;
  return Float64Array.from(rows.flatMap(([p, q, r]) => [p, q, r, -(p * x + q * y + r * z)].map((v) => v * scale)));
}

/** First `second`, then `first`. */
export function compose(first: Float64Array, second: Float64Array): Float64Array {
  const out = new Float64Array(12);
  for (let r = 0; r < 12; r += 4) {
    for (let c = 0; c < 4; c++) {
      let sum = c === 3 ? (first[r + 3] as number) : 0;
      for (let n = 0; n < 3; n++) sum += (first[r + n] as number) * (second[4 * n + c] as number);
      out[r + c] = sum;
    }
  }
  return out;
}

/** Lengths of the steps along i, j and k in mm. */
export function spacingOf(m: Float64Array): Point {
  const column = (c: number): number => Math.hypot(m[c] as number, m[c + 4] as number, m[c + 8] as number);
  return [column(0), column(1), column(2)];
}
