/**
 * Compares a synthetic CT with the CT on the CT's own grid (`onCtGrid.ts`): the SynthRAD2023 metrics, errors per tissue, overlap and
 * surface distance of bone.
 */
import { boneDice } from '../../imaging/metrics/boneDice.ts';
import { surfaceDistance } from '../../imaging/metrics/surfaceDistance.ts';
import { synthRad2023Metrics } from '../../imaging/metrics/synthRad2023.ts';
import {
  defaultTissueThresholds,
  tissueErrors,
  type TissueThresholds,
} from '../../imaging/metrics/tissueErrors.ts';
import { affineSpacing } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { onCtGrid, type ComparedImages } from './onCtGrid.ts';

export interface EvaluationInput extends ComparedImages {
  readonly tissueThresholds?: TissueThresholds;
}

/** What voxels alone say; metrics that need a network come on top (`lpipsOfVolumes.ts`). */
export type VolumeFigures = Omit<EvaluationReport, 'lpips' | 'notInstalled'>;

/** Bone in the figures of overlap and distance: with and without most of the marrow. */
const boneThresholdsHu = [150, 250] as const;

/** Evaluates; HU in, HU and mm out. Throws VOLUME_NOT_FINITE, VOLUME_EMPTY (no voxel counts). */
export function evaluateVolumes(input: EvaluationInput): VolumeFigures {
  const { ct, sct, mask, tissueThresholds = defaultTissueThresholds } = input;
  const { grid, reference, synthetic, counting, findings } = onCtGrid(input);
  const { maskVoxels, ...figures } = synthRad2023Metrics(reference, synthetic, counting, grid.size);
  if (maskVoxels === 0) throw new AppError('VOLUME_EMPTY', { path: mask?.name ?? ct.name });
  const { body, air, soft, bone } = tissueErrors(reference, synthetic, counting, tissueThresholds);
  const spacingMm = affineSpacing(grid.indexToLps);
  const { airBelowHu, boneAboveHu } = tissueThresholds;
  return {
    schemaVersion: 1,
    subject: { ct: ct.name, sct: sct.name, mask: mask?.name ?? null },
    grid: { size: [...grid.size], spacingMm: [...spacingMm] },
    voxels: maskVoxels,
    overall: { ...figures, meanErrorHu: body.meanErrorHu, identical: figures.psnrDb === null },
    tissues: [
      { name: 'air', rangeHu: `< ${airBelowHu} HU`, ...air },
      { name: 'soft tissue', rangeHu: `${airBelowHu}…${boneAboveHu} HU`, ...soft },
      { name: 'bone', rangeHu: `> ${boneAboveHu} HU`, ...bone },
    ],
    bone: boneThresholdsHu.map((thresholdHu) => {
      const above = (values: ArrayLike<number>): Uint8Array => aboveInside(values, counting, thresholdHu);
      const distance = surfaceDistance(above(reference), above(synthetic), grid.size, spacingMm);
      return {
        thresholdHu,
        dice: boneDice(reference, synthetic, counting, thresholdHu),
        surfaceMeanMm: distance?.meanMm ?? null,
        surface95Mm: distance?.hd95Mm ?? null,
      };
    }),
    findings: [...findings],
  };
}

function aboveInside(values: ArrayLike<number>, mask: ArrayLike<number>, thresholdHu: number): Uint8Array {
  const inside = new Uint8Array(values.length);
  for (let at = 0; at < inside.length; at++) {
    if ((mask[at] as number) > 0 && (values[at] as number) > thresholdHu) inside[at] = 1;
  }
  return inside;
}
