/** The window that pictures of a volume show. */
import type { Vector3 } from '../../shared/affine.ts';
import { maskBox } from '../mask/maskBox.ts';
import type { SliceWindow } from './sliceWindow.ts';

/** The smallest window about `mask` (above zero is in) in all slices, with `border` voxels around it; the whole slice for an empty mask. */
export function maskWindow(mask: ArrayLike<number>, size: Vector3, border: number): SliceWindow {
  const box = maskBox(mask, size) ?? { from: [0, 0, 0], size };
  return {
    left: box.from[0] - border,
    top: box.from[1] - border,
    width: box.size[0] + 2 * border,
    height: box.size[1] + 2 * border,
  };
}
