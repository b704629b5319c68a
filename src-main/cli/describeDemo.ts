/** The demo's outcome for a person at a terminal. */
import type { DemoResult } from '../services/demo/demoResult.ts';
import { formatDuration } from './progressDisplay.ts';
import { textTable } from './textTable.ts';

/** Figures, what they are compared with, and where everything is; `shown`: the report was opened. */
export function describeDemo(result: DemoResult, shown: boolean): string {
  const { metrics, baselines, weightAlignment } = result;
  const number = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? '–';
  const bone = metrics.bone.find(({ thresholdHu }) => thresholdHu === 250);
  const { right, wrong, auc, nearEdges } = weightAlignment;
  const table = textTable(
    [
      ['', 'MAE (HU)', 'Bone Dice > 250 HU'],
      [`sCT of ${result.heldOut}`, number(metrics.overall.maeHu, 1), number(bone?.dice, 3)],
      [
        'Bulk densities: air, soft tissue, bone',
        number(baselines.bulkDensity.maeHu, 1),
        number(baselines.bulkDensity.boneDice250, 3),
      ],
      [
        'One HU per tissue, all tissues known',
        number(baselines.tissueConstant.maeHu, 1),
        number(baselines.tissueConstant.boneDice250, 3),
      ],
      [
        'Best monotone MR → HU lookup',
        number(baselines.monotoneLookup.maeHu, 1),
        number(baselines.monotoneLookup.boneDice250, 3),
      ],
    ],
    [1, 2],
  );
  const weights = textTable(
    [
      ['Weight maps', 'CT right', 'CT wrong'],
      ['Mean weight (1 = average pixel)', number(right.meanWeight, 3), number(wrong.meanWeight, 3)],
      ['Share of positive u', number(right.positiveShare, 3), number(wrong.positiveShare, 3)],
      ['Pixels', String(right.pixels), String(wrong.pixels)],
    ],
    [1, 2],
  );
  return [
    table,
    '',
    weights,
    `AUC, right above wrong: ${number(auc, 3)}; near CT edges alone: ${number(nearEdges.auc, 3)}`,
    '',
    textTable([
      ['Report', `${result.report}${shown ? ' (opened)' : ''}`],
      ['Montage', result.montage],
      ['DICOM series', result.dicomDirectory],
      ['Model', result.model],
      ['Workspace', result.workspace],
      [
        'Took',
        `${formatDuration(result.seconds)} min, at most ${result.peakMemoryMiB} MiB, on ${result.device}`,
      ],
    ]),
    'Phantoms, not patients: the figures say that the parts work together, not how good a model for patients is.',
  ].join('\n');
}
