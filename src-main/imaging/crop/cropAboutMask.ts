/**
 * The crop a network is trained on: a window of fixed size about the body, the same for every slice of a volume.
 */
import type { Vector3 } from '../../shared/affine.ts';
import type { SliceWindow } from './sliceWindow.ts';

/**
 * A window of `[width, height]` voxels centred on the in-plane centroid of `mask` (all slices together); on the grid's
 * centre when the mask is empty. It may reach beyond the grid.
 */
export function cropAboutMask(
  mask: ArrayLike<number>,
  [nx, ny, nz]: Vector3,
  [width, height]: readonly [number, number],
): SliceWindow {
  let count = 0;
  let sumI = 0;
  let sumJ = 0;
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at]) continue;
        count++;
        sumI += i;
        sumJ += j;
      }
    }
  }
  const centreI = count > 0 ? sumI / count : (nx - 1) / 2;
  const centreJ = count > 0 ? sumJ / count : (ny - 1) / 2;
  return {
    left: Math.round(centreI - (width - 1) / 2),
    top: Math.round(centreJ - (height - 1) / 2),
    width,
    height,
  };
}
