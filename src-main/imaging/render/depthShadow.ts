/**
 * How hidden a pixel of a depth picture is: how far it lies behind its neighbourhood (depth darkening, T. Luft et al., ACM Trans. Graphics
 * 25, 2006). What is in a hollow becomes dark, which lets the eye see depth that parallel light does not show.
 */

/** [height, width] in mm: mean depth within about `radiusPx` minus own depth, where that is negative, else 0. NaN is no surface. */
export function depthShadow(
  depthMm: Float32Array,
  width: number,
  height: number,
  radiusPx: number,
): Float32Array {
  const sums = Float32Array.from(depthMm, (depth) => (Number.isNaN(depth) ? 0 : depth));
  const counts = Float32Array.from(depthMm, (depth) => (Number.isNaN(depth) ? 0 : 1));
  // Three boxes are nearly a Gaussian.
  for (let pass = 0; pass < 3; pass++) {
    for (const values of [sums, counts]) {
      for (let row = 0; row < height; row++) boxLine(values, row * width, 1, width, radiusPx);
      for (let column = 0; column < width; column++) boxLine(values, column, width, height, radiusPx);
    }
  }
  return Float32Array.from(depthMm, (depth, at) => {
    const mean = (sums[at] as number) / (counts[at] as number);
    return Number.isNaN(depth) ? 0 : Math.max(0, depth - mean);
  });
}

/** Sums over 2 · radius + 1 values along a line, in place; beyond its ends there is nothing. */
function boxLine(values: Float32Array, start: number, stride: number, count: number, radius: number): void {
  const before = new Float32Array(count);
  for (let at = 0; at < count; at++) before[at] = values[start + at * stride] as number;
  let sum = 0;
  for (let at = 0; at < Math.min(radius, count); at++) sum += before[at] as number;
  for (let at = 0; at < count; at++) {
    if (at + radius < count) sum += before[at + radius] as number;
    if (at - radius - 1 >= 0) sum -= before[at - radius - 1] as number;
    values[start + at * stride] = sum / (2 * radius + 1);
  }
}
