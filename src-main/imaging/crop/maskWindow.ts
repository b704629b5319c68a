/** The window that pictures of a volume show. */
import type { Vector3 } from '../../shared/affine.ts';
import type { SliceWindow } from './sliceWindow.ts';

/** The smallest window about `mask` (non-zero is in) in all slices, with `border` voxels around it; an empty mask has none of a size. */
export function maskWindow(mask: ArrayLike<number>, [nx, ny]: Vector3, border: number): SliceWindow {
  let [left, right, top, bottom] = [nx, -1, ny, -1];
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    const [i, j] = [at % nx, Math.floor(at / nx) % ny];
    [left, right] = [Math.min(left, i), Math.max(right, i)];
    [top, bottom] = [Math.min(top, j), Math.max(bottom, j)];
  }
  return {
    left: left - border,
    top: top - border,
    width: right - left + 1 + 2 * border,
    height: bottom - top + 1 + 2 * border,
  };
}
