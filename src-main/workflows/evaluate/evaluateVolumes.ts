/**
 * Compares a synthetic CT with the CT on the CT's own grid: the SynthRAD2023 metrics, errors per tissue, overlap and surface
 * distance of bone. An sCT or mask on another grid is resampled (linear, nearest), which a finding says, because it changes the
 * figures; voxels of the CT that the sCT does not reach count as −1024 HU. Without a mask every voxel counts.
 */
import { boneDice } from '../../imaging/metrics/boneDice.ts';
import { surfaceDistance } from '../../imaging/metrics/surfaceDistance.ts';
import { synthRad2023Metrics } from '../../imaging/metrics/synthRad2023.ts';
import {
  defaultTissueThresholds,
  tissueErrors,
  type TissueThresholds,
} from '../../imaging/metrics/tissueErrors.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { affineSpacing } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { sameGrid, voxelCount, type Grid, type Volume } from '../../shared/volume.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { networkWeights } from './networkWeights.ts';

export interface NamedVolume {
  /** For the report and for errors: a path or a case id. */
  readonly name: string;
  readonly volume: Volume;
}

export interface EvaluationInput {
  readonly ct: NamedVolume;
  readonly sct: NamedVolume;
  /** Voxels above zero count. */
  readonly mask?: NamedVolume;
  readonly tissueThresholds?: TissueThresholds;
}

/** Bone in the figures of overlap and distance: with and without most of the marrow. */
const boneThresholdsHu = [150, 250] as const;
const outsideHu = -1024;

/** Evaluates; HU in, HU and mm out. Throws VOLUME_NOT_FINITE, VOLUME_EMPTY (no voxel counts). */
export function evaluateVolumes({
  ct,
  sct,
  mask,
  tissueThresholds = defaultTissueThresholds,
}: EvaluationInput): EvaluationReport {
  const { grid } = ct.volume;
  const findings: Finding[] = [];
  const counting = maskOnGrid(mask, grid, findings);
  for (const { name, volume } of [ct, sct]) requireFinite(name, volume.data);
  const reference = ct.volume.data;
  const synthetic = sctOnGrid(sct, grid, counting, findings);
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
    notInstalled: networkWeights
      .filter(({ metric, installed }) => metric && !installed)
      .map(({ metric = '' }) => metric),
    findings,
  };
}

function maskOnGrid(mask: NamedVolume | undefined, grid: Grid, findings: Finding[]): ArrayLike<number> {
  if (!mask) return new Uint8Array(voxelCount(grid)).fill(1);
  if (sameGrid(mask.volume.grid, grid)) return mask.volume.data;
  findings.push({ code: 'mask-resampled', severity: 'info', subject: mask.name, details: {} });
  return resampleVolume(mask.volume, grid, { interpolation: 'nearest', outside: 0 }).data;
}

function sctOnGrid(
  { name, volume }: NamedVolume,
  grid: Grid,
  counting: ArrayLike<number>,
  findings: Finding[],
): ArrayLike<number> {
  if (sameGrid(volume.grid, grid)) return volume.data;
  findings.push({ code: 'sct-resampled', severity: 'warning', subject: name, details: {} });
  const { data } = resampleVolume(volume, grid, { interpolation: 'linear', outside: NaN });
  let counted = 0;
  let missed = 0;
  for (let at = 0; at < data.length; at++) {
    const counts = (counting[at] as number) > 0;
    if (counts) counted++;
    if (!Number.isNaN(data[at])) continue;
    data[at] = outsideHu;
    if (counts) missed++;
  }
  if (missed > 0) {
    const share = ((100 * missed) / counted).toFixed(1);
    findings.push({ code: 'sct-does-not-cover', severity: 'warning', subject: name, details: { share } });
  }
  return data;
}

function requireFinite(path: string, values: ArrayLike<number>): void {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) count++;
  if (count > 0) throw new AppError('VOLUME_NOT_FINITE', { path, count });
}

function aboveInside(values: ArrayLike<number>, mask: ArrayLike<number>, thresholdHu: number): Uint8Array {
  const inside = new Uint8Array(values.length);
  for (let at = 0; at < inside.length; at++) {
    if ((mask[at] as number) > 0 && (values[at] as number) > thresholdHu) inside[at] = 1;
  }
  return inside;
}
