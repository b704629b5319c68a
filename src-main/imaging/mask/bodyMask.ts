/**
 * The body outline of an MR volume, as the preprocessing of SynthRAD2023 draws it (`pre_process_tools.py`, `segment`):
 * Otsu → dilation → largest component → closing → dilation in-plane → holes filled per slice. With the default dilation
 * the outline lies some two centimetres outside the skin on purpose; `dilationMm: 0` keeps it at the skin.
 *
 * Their radii, (10, 10, 1), 12 and (10, 10, 0) voxels on a 1 × 1 × 2.5 mm grid, are kept in millimetres: 10 mm in-plane and
 * 2.5 mm through-plane, 12 mm in-plane and 30 mm through-plane. In-plane means axes i and j. Limits: MR with dark air. Where the
 * body fills the field of view, Otsu parts fat from muscle: the dilated outline then covers the image, but without dilation
 * dark muscle at the image's sides is left out.
 */
import { affineSpacing, type Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Volume } from '../../shared/volume.ts';
import { fillHoles } from './fillHoles.ts';
import { largestComponent } from './largestComponent.ts';
import { close, dilate } from './morphology.ts';
import { otsuThreshold } from './otsuThreshold.ts';

export interface BodyMaskOptions {
  /** In-plane radius of each of the two dilations; 10 as in SynthRAD2023, 0 for none. */
  readonly dilationMm?: number;
  /** What the volume is called in the error. */
  readonly subject?: string;
}

const CLOSING_MM: Vector3 = [12, 12, 30];
const THROUGH_PLANE_DILATION_MM = 2.5;

/** The body (1) and the rest (0) on `mr`'s grid. Throws NO_BODY_FOUND when all values are equal or none is finite. */
export function bodyMask(
  mr: Volume,
  { dilationMm = 10, subject = 'the MR' }: BodyMaskOptions = {},
): Volume<Uint8Array> {
  const { size, indexToLps } = mr.grid;
  const spacing = affineSpacing(indexToLps);
  const threshold = otsuThreshold(mr.data);
  if (threshold === null) {
    throw new AppError('NO_BODY_FOUND', {
      subject,
      reason: 'every voxel has the same value or none is finite',
    });
  }
  const radii = (mm: Vector3): Vector3 => [mm[0] / spacing[0], mm[1] / spacing[1], mm[2] / spacing[2]];
  const bright = new Uint8Array(mr.data.length);
  for (let at = 0; at < bright.length; at++) bright[at] = (mr.data[at] as number) > threshold ? 1 : 0;
  const joined =
    dilationMm > 0
      ? dilate(bright, size, radii([dilationMm, dilationMm, THROUGH_PLANE_DILATION_MM]))
      : bright;
  const body = close(largestComponent(joined, size), size, radii(CLOSING_MM));
  const grown = dilationMm > 0 ? dilate(body, size, radii([dilationMm, dilationMm, 0])) : body;
  return { grid: mr.grid, data: fillHoles(grown, size) };
}
