/** One case as training slices: MR and CT cropped about the body on the model grid, in [−1, 1]. */
import { cropAboutMask } from '../../imaging/crop/cropAboutMask.ts';
import { cutWindow } from '../../imaging/crop/sliceWindow.ts';
import { normaliseHu } from '../../imaging/intensity/huWindow.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import type { Volume } from '../../shared/volume.ts';
import { mrFacts, type MrFacts } from '../gate/mrFacts.ts';
import { bodyImages } from '../prepare/bodyImages.ts';
import type { TrainingConfig } from './trainingConfig.ts';

export interface CaseVolumes {
  readonly mr: Volume;
  /** HU, on any grid in the patient space of the MR. */
  readonly ct: Volume;
  readonly mask?: Volume;
  /** Of the MR; DICOM only. */
  readonly source?: SourceSeries;
}

export interface CaseSlices {
  readonly count: number;
  /** [count, height, width] each. */
  readonly mr: Float32Array;
  readonly ct: Float32Array;
  /** Where the crop lies: index of its first column and row on the model grid. */
  readonly left: number;
  readonly top: number;
  /** What the MR is like, for the gate of the model. */
  readonly facts: MrFacts;
}

/** Prepares a case; outside the body MR and CT are −1 (air). Throws NO_BODY_FOUND. */
export function prepareCase(
  { mr, ct, mask, source }: CaseVolumes,
  { spacingMm, cropPx, huWindow }: TrainingConfig,
  subject: string,
): CaseSlices {
  const images = bodyImages(mr, { spacingMm, subject, ...(mask ? { mask } : {}) });
  const { grid } = images.mr;
  const hu = resampleVolume(ct, grid, { interpolation: 'linear', outside: huWindow.lowHu });
  const target = normaliseHu(hu.data, huWindow);
  for (let at = 0; at < target.length; at++) if (images.mask.data[at] === 0) target[at] = -1;
  const window = cropAboutMask(images.mask.data, grid.size, cropPx);
  return {
    count: grid.size[2],
    mr: cutWindow(images.mr.data, grid.size, window, -1),
    ct: cutWindow(target, grid.size, window, -1),
    left: window.left,
    top: window.top,
    facts: mrFacts(mr, images, source),
  };
}
