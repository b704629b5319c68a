/** The rows of the readable report, the same for text and HTML. */
import { formatMessage } from '../../shared/messages.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { lpipsTitle, unpublishedWeights } from './lpipsTitle.ts';

export interface ReportRow {
  readonly measure: string;
  /** What it is taken over: a tissue or a threshold; empty for everything that counts. */
  readonly where: string;
  readonly value: string;
  readonly unit: string;
}

const dash = '–';
const number = (value: number | null, digits: number): string =>
  value === null ? dash : value.toFixed(digits);

/** Every measure of `report`, in reading order; an undefined one is shown as a dash. */
export function reportRows({ overall, tissues, bone, lpips, notInstalled }: EvaluationReport): ReportRow[] {
  const row = (measure: string, where: string, value: string, unit = ''): ReportRow => ({
    measure,
    where,
    value,
    unit: value === dash ? '' : unit,
  });
  return [
    row('MAE', '', number(overall.maeHu, 4), 'HU'),
    row('Mean error (sCT − CT)', '', number(overall.meanErrorHu, 4), 'HU'),
    row('PSNR', '', overall.identical ? '∞' : number(overall.psnrDb, 3), 'dB'),
    row('SSIM', '', number(overall.ssim, 4)),
    ...tissues.flatMap(({ name, rangeHu, maeHu, meanErrorHu }) => [
      row('MAE', `${name} (${rangeHu})`, number(maeHu, 2), 'HU'),
      row('Mean error', `${name} (${rangeHu})`, number(meanErrorHu, 2), 'HU'),
    ]),
    ...bone.flatMap(({ thresholdHu, dice, surfaceMeanMm, surface95Mm }) => [
      row('Bone Dice', `> ${thresholdHu} HU`, number(dice, 4)),
      row('Bone surface distance, mean', `> ${thresholdHu} HU`, number(surfaceMeanMm, 2), 'mm'),
      row('Bone surface distance, 95 %', `> ${thresholdHu} HU`, number(surface95Mm, 2), 'mm'),
    ]),
    ...lpips.map(({ backbone, value, windowHu: [low, high], slices, published }) =>
      row(
        lpipsTitle(backbone),
        `${String(low).replace('-', '−')}…${high} HU, ${slices} axial slices${published === false ? `, ${unpublishedWeights}` : ''}`,
        number(value, 4),
      ),
    ),
    ...notInstalled.map(({ metric, install }) => row(metric, '', `not installed: ${install}`)),
  ];
}

/** What the table is about, in one line each. */
export function reportHeading({ subject, grid, voxels }: EvaluationReport): string[] {
  const spacing = grid.spacingMm.map((value) => Number(value.toFixed(3))).join(' × ');
  return [
    `sCT ${subject.sct} against CT ${subject.ct}`,
    `${grid.size.join(' × ')} voxels of ${spacing} mm; ${voxels} count (${subject.mask ? `mask ${subject.mask}` : 'the whole grid'})`,
  ];
}

/** The findings as lines of text. */
export function reportNotes({ findings }: EvaluationReport): string[] {
  return findings.map(
    ({ code, subject, details }) => `${subject}: ${formatMessage(`findings.${code}`, details)}`,
  );
}
