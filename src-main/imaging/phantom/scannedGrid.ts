/**
 * The grid of phantoms made of a scan where none was asked for. In the plane it holds the whole body of the largest patient; along the
 * axis it covers the hip bones (the whole body where they are not segmented), but no more than the scan holds of the smallest patient, so
 * that no slice reaches beyond the scan. How far a patient strays from the middle is reckoned from the bounds of its shift, turn and bend;
 * `phantomCut.ts` looks at each that is drawn.
 */
import { affineSpacing } from '../../shared/affine.ts';
import { maskBox, maskBoxInSlices } from '../mask/maskBox.ts';
import type { ScannedBody } from './scannedBody.ts';
import { scannedScale, scannedShiftMm, scannedTiltDegrees, scannedWarpMm } from './scannedVariation.ts';

export interface ScannedGridOptions {
  /** In-plane voxel size and distance of slices. */
  readonly spacingMm: number;
  readonly sliceSpacingMm: number;
  /** Largest displacement between MR and CT that is to find room. */
  readonly misalignMm: number;
  /** What was asked for is kept. */
  readonly sizePx?: readonly [number, number] | undefined;
  readonly slices?: number | undefined;
}

export interface ScannedGrid {
  /** Columns and rows, multiples of eight unless asked for. */
  readonly sizePx: readonly [number, number];
  readonly slices: number;
}

type Axis = 0 | 1 | 2;

const [sinX, sinY, sinZ] = scannedTiltDegrees.map((degrees) => Math.sin((degrees * Math.PI) / 180)) as [
  number, number, number,
]; // prettier-ignore
const [scaleX, scaleY, scaleZ] = scannedScale;
/** Not all of it is at its farthest in one patient: none of 300 drawn for a pelvis of 37 × 28 cm strayed more than this times the root of the sum of squares. */
const together = 1.2;

/** The grid for `body`; at least one slice. */
export function scannedGrid(body: ScannedBody, options: ScannedGridOptions): ScannedGrid {
  const { sizePx, spacingMm, sliceSpacingMm, misalignMm } = options;
  const { labels, pelvis, grid } = body;
  const spacing = affineSpacing(grid.indexToLps);
  const middle = (axis: Axis): number => pelvis.from[axis] + (pelvis.size[axis] - 1) / 2;
  const halfMm = (axis: Axis): number => ((pelvis.size[axis] - 1) / 2) * spacing[axis];
  const strayMm = (axis: Axis, ...leversMm: readonly number[]): number =>
    misalignMm + together * Math.hypot(scannedShiftMm[axis], 1.5 * scannedWarpMm, ...leversMm);

  const strayZ = strayMm(2, sinX * halfMm(1), sinY * halfMm(0));
  const whole = maskBox(labels, grid.size) ?? pelvis;
  const ends = [middle(2) - whole.from[2], whole.from[2] + whole.size[2] - 1 - middle(2)];
  const heldMm = Math.max(0, scaleZ.low * spacing[2] * Math.min(...ends) - strayZ);
  const wantedMm = scaleZ.high * halfMm(2) + strayZ;
  const gaps = [Math.floor((2 * heldMm) / sliceSpacingMm), Math.ceil((2 * wantedMm) / sliceSpacingMm)];
  const slices = options.slices ?? Math.min(...gaps) + 1;
  if (sizePx) return { sizePx, slices };

  const halfZ = ((slices - 1) / 2) * sliceSpacingMm;
  const seen = (halfZ + strayZ) / scaleZ.low / spacing[2];
  const first = Math.max(0, Math.floor(middle(2) - seen));
  const box = maskBoxInSlices(labels, grid.size, first, Math.ceil(middle(2) + seen) - first + 1) ?? pelvis;
  const farMm = (axis: Axis): number =>
    spacing[axis] *
    Math.max(middle(axis) - box.from[axis], box.from[axis] + box.size[axis] - 1 - middle(axis));
  const [farX, farY] = [scaleX.high * farMm(0), scaleY.high * farMm(1)];
  // Multiples of eight: what networks that halve an image up to three times can take.
  const pixels = (mm: number): number => 8 * Math.ceil(((2 * mm) / spacingMm + 1) / 8);
  return {
    sizePx: [
      pixels(farX + strayMm(0, sinZ * farY, sinY * halfZ)),
      pixels(farY + strayMm(1, sinZ * farX, sinX * halfZ)),
    ],
    slices,
  };
}
