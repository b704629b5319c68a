/** Bone of the CT and of every method from the front: one threshold, one camera. */
import { maskWindow } from '../../../imaging/crop/maskWindow.ts';
import { boneView } from '../../../imaging/render/boneView.ts';
import { boneThresholdHu, spotText, type MethodFailures } from './boneFailures.ts';
import type { CaseImages } from './caseImages.ts';
import { paintBone } from './paintBone.ts';
import { pictureOf, type Mark, type Picture } from './picture.ts';

export interface BonePicture {
  readonly label: string;
  readonly picture: Picture;
  readonly marks: readonly Mark[];
}

const pictureWidth = 480;

/** The CT first. */
export function drawBone(images: CaseImages, failures: readonly MethodFailures[]): BonePicture[] {
  const { size, spacingMm, mask, ct, methods } = images;
  const { left, width } = maskWindow(mask, size, 0);
  const columns = [Math.max(0, left), Math.min(size[0], left + width) - 1] as const;
  const pixelMm = ((columns[1] - columns[0]) * spacingMm[0]) / (pictureWidth - 1);
  return [{ label: 'CT', data: ct }, ...methods.map(({ label, sct }) => ({ label, data: sct }))].map(
    ({ label, data }) => ({
      label,
      picture: pictureOf(
        paintBone(
          boneView({ data, size, spacingMm, body: mask, thresholdHu: boneThresholdHu, pixelMm, columns }),
        ),
      ),
      marks: (failures.find((one) => one.label === label)?.spots ?? []).map((spot): Mark => ({
        x: (spot.voxel[0] - columns[0]) / Math.max(1, columns[1] - columns[0]),
        y: (size[2] - 1 - spot.voxel[2]) / Math.max(1, size[2] - 1),
        text: spotText(spot),
      })),
    }),
  );
}
