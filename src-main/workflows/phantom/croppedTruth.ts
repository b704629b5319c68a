/** The truth of a phantom as a run sees its images: on the model grid, in the crop of the case. */
import { cutWindow } from '../../imaging/crop/sliceWindow.ts';
import { toAxialLps } from '../../imaging/orient/toAxialLps.ts';
import { axialModelGrid } from '../../imaging/resample/modelGrid.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import type { Volume } from '../../shared/volume.ts';
import type { RunRecord } from '../train/runFolder.ts';

export interface PhantomTruth {
  readonly mr: Volume;
  /** HU on the anatomy of the MR. */
  readonly trueCt: Volume;
  /** 0 outside the skin. */
  readonly labels: Volume;
}

/** Images [slices, height, width]. */
export interface CroppedTruth {
  readonly trueHu: Float32Array;
  /** 1 inside the skin. */
  readonly body: Float32Array;
}

/** The truth on the model grid, in the window that the run's record names. */
export function croppedTruth(
  { mr, trueCt, labels }: PhantomTruth,
  { config, cases }: RunRecord,
  caseId: string,
): CroppedTruth {
  const cached = [...cases.train, ...cases.meta].find((one) => one.caseId === caseId);
  if (!cached) throw new RangeError(`${caseId} is no case of the run.`);
  const { spacingMm, cropPx, huWindow } = config;
  const grid = axialModelGrid(toAxialLps(mr).volume.grid, { spacingMm });
  const window = { left: cached.left, top: cached.top, width: cropPx[0], height: cropPx[1] };
  const hu = resampleVolume(trueCt, grid, { interpolation: 'linear', outside: huWindow.lowHu });
  const inside = resampleVolume(labels, grid, { interpolation: 'nearest', outside: 0 });
  return {
    trueHu: cutWindow(hu.data, grid.size, window, huWindow.lowHu).map((value) =>
      Math.min(huWindow.highHu, Math.max(huWindow.lowHu, value)),
    ),
    body: cutWindow(inside.data, grid.size, window, 0).map((label) => (label > 0 ? 1 : 0)),
  };
}
