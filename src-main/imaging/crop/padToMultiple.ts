/** The window that holds whole slices padded so that a fully convolutional network can halve them evenly. */
import type { Vector3 } from '../../shared/affine.ts';
import type { SliceWindow } from './sliceWindow.ts';

/**
 * The smallest window about the whole slice whose sides are multiples of `multiple` and at least `minimum` voxels, the
 * padding shared between opposite sides. Use with `cutWindow`; `pasteWindow` with the same window is the inverse.
 */
export function padToMultiple([nx, ny]: Vector3, multiple: number, minimum = 1): SliceWindow {
  const grow = (n: number): number => Math.ceil(Math.max(n, minimum) / multiple) * multiple;
  const width = grow(nx);
  const height = grow(ny);
  return { left: -Math.floor((width - nx) / 2), top: -Math.floor((height - ny) / 2), width, height };
}
