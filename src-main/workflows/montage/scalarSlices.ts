import type { Scalars } from './tile.ts';

/** Images [n, height, width] one by one, without copying. */
export function scalarSlices(
  data: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): Scalars[] {
  const pixels = width * height;
  return Array.from({ length: data.length / pixels }, (_, k) => ({
    width,
    height,
    data: data.subarray(k * pixels, (k + 1) * pixels),
  }));
}
