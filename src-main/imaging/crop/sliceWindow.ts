/**
 * A rectangle in the slice plane, in voxels of a grid, that may reach beyond the grid. Cutting it out of every slice gives
 * the row-major images [slices, height, width] that networks see; pasting puts such images back.
 */
import type { Vector3 } from '../../shared/affine.ts';

export interface SliceWindow {
  /** Index i of the first column; negative where the window starts before the grid. */
  readonly left: number;
  /** Index j of the first row. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The images [nz, height, width] of `window` in every slice; `padding` fills what lies beyond the grid. */
export function cutWindow(
  data: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  window: SliceWindow,
  padding: number,
): Float32Array {
  const { left, top, width, height } = window;
  const out = new Float32Array(nz * height * width).fill(padding);
  const from = Math.max(0, -left);
  const to = Math.min(width, nx - left);
  for (let k = 0; k < nz; k++) {
    for (let row = Math.max(0, -top); row < Math.min(height, ny - top); row++) {
      const source = left + nx * (top + row + ny * k);
      const target = width * (row + height * k);
      for (let column = from; column < to; column++) out[target + column] = data[source + column] as number;
    }
  }
  return out;
}

/** Undoes `cutWindow`: a new array on the grid, `padding` where the window does not reach. */
export function pasteWindow(
  images: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  window: SliceWindow,
  padding: number,
): Float32Array {
  const { left, top, width, height } = window;
  if (images.length !== nz * height * width) {
    throw new RangeError(`Expected ${nz} images of ${width}×${height}, got ${images.length} values.`);
  }
  const out = new Float32Array(nx * ny * nz).fill(padding);
  const from = Math.max(0, -left);
  const to = Math.min(width, nx - left);
  for (let k = 0; k < nz; k++) {
    for (let row = Math.max(0, -top); row < Math.min(height, ny - top); row++) {
      const source = width * (row + height * k);
      const target = left + nx * (top + row + ny * k);
      for (let column = from; column < to; column++) out[target + column] = images[source + column] as number;
    }
  }
  return out;
}
