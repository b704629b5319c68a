import { z } from 'zod';
import { demoFolder } from '../services/demo/demoFolder.ts';
import { demoPlan } from '../services/demo/demoPlan.ts';
import type { DemoResult } from '../services/demo/demoResult.ts';
import { runDemo } from '../services/demo/runDemo.ts';
import type { CommandSpec } from './command.ts';
import { hasDisplay, openInViewer } from './openInViewer.ts';
import { formatDuration } from './progressDisplay.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({
  quick: z.boolean().default(false),
  open: z.boolean(),
  /** As the person gave it: such a folder may be the demo's own. */
  workspace: z.string().optional(),
});

/** `ilium demo`: the whole way on phantom patients, in a workspace of its own. */
export const demoCommand: CommandSpec = {
  name: 'demo',
  description: 'phantom DICOM → import → train → synthesize → evaluate → report',
  configure: (command) =>
    command
      .option('--quick', 'fewer patients and epochs: some minutes on two processor cores')
      .option('--no-open', 'do not show the report'),
  async run({ workspaceDirectory, json, signal, onEvent }, options) {
    const { quick, open, workspace } = optionsSchema.parse(options);
    const folder = await demoFolder(workspaceDirectory, { isOwnFolder: workspace !== undefined });
    const result = await runDemo(demoPlan({ isQuick: quick }), {
      workspaceDirectory: folder,
      signal,
      onEvent,
    });
    const shown = open && !json && hasDisplay() && (await openInViewer(result.report));
    return { data: result, text: describe(result, shown) };
  },
};

function describe(result: DemoResult, shown: boolean): string {
  const { metrics, baselines, weightAlignment } = result;
  const number = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? '–';
  const bone = metrics.bone.find(({ thresholdHu }) => thresholdHu === 250);
  const { right, wrong, auc, nearEdges } = weightAlignment;
  const table = textTable(
    [
      ['', 'MAE (HU)', 'Bone Dice > 250 HU'],
      [`sCT of ${result.heldOut}`, number(metrics.overall.maeHu, 1), number(bone?.dice, 3)],
      [
        'One HU per tissue, tissues known',
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
