/**
 * The two figures shown beside every synthetic CT whose patient has a CT: mean |sCT − CT| and the overlap of bone, inside the body, on the
 * CT's own grid and as the CT lies. A misaligned CT makes both worse than they are, which the reader must know.
 */
import { boneDice } from '../../imaging/metrics/boneDice.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { sameGrid, type Volume } from '../../shared/volume.ts';

export interface CtComparison {
  /** Null where the body and the CT do not meet. */
  readonly maeHu: number | null;
  readonly boneDice250: number | null;
}

const boneThresholdHu = 250;

/** Compares inside `body` (> 0), which may lie on another grid; voxels the sCT does not reach do not count. */
export function compareWithCt(ct: Volume, sct: Volume, body: Volume): CtComparison {
  const onCt = (volume: Volume, interpolation: 'linear' | 'nearest', outside: number): ArrayLike<number> =>
    sameGrid(volume.grid, ct.grid)
      ? volume.data
      : resampleVolume(volume, ct.grid, { interpolation, outside }).data;
  const synthetic = onCt(sct, 'linear', NaN);
  const inside = onCt(body, 'nearest', 0);
  const counting = new Uint8Array(ct.data.length);
  let voxels = 0;
  let sum = 0;
  for (let at = 0; at < counting.length; at++) {
    const difference = Math.abs((synthetic[at] ?? NaN) - (ct.data[at] ?? NaN));
    if (!((inside[at] ?? 0) > 0) || Number.isNaN(difference)) continue;
    counting[at] = 1;
    voxels++;
    sum += difference;
  }
  return {
    maeHu: voxels > 0 ? sum / voxels : null,
    boneDice250: boneDice(ct.data, synthetic, counting, boneThresholdHu),
  };
}
