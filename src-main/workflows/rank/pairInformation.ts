/** How much the CT of a pair tells about its MR: mutual information on the MR's grid inside the body, as cohorts are ranked by it. */
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { mutualInformation, type MutualInformation } from '../../imaging/metrics/mutualInformation.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { sameGrid, type Volume } from '../../shared/volume.ts';

const outsideHu = -1024;

/**
 * Where a pair is compared, on the MR's grid: the case's own mask when it has one, else the body found in the MR at the skin (no
 * dilation, since air around the body carries no information about alignment). Throws NO_BODY_FOUND.
 */
export function pairBody(mr: Volume, mask: Volume | undefined, subject: string): Volume {
  return mask ? onGrid(mask, mr, 'nearest', 0) : bodyMask(mr, { dilationMm: 0, subject });
}

/** Of `ct` (HU), wherever it lies, and `mr` inside `body` on the MR's grid; null where either is constant there. */
export function pairInformation(mr: Volume, ct: Volume, body: Volume): MutualInformation | null {
  return mutualInformation(onGrid(ct, mr, 'linear', outsideHu).data, mr.data, body.data);
}

function onGrid(volume: Volume, like: Volume, interpolation: 'linear' | 'nearest', outside: number): Volume {
  return sameGrid(volume.grid, like.grid)
    ? volume
    : resampleVolume(volume, like.grid, { interpolation, outside });
}
