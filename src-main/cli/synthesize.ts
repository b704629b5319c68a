import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';
import { longestUidRoot, uidRootSchema } from '../formats/dicom/uidRoot.ts';
import { overrideReasonSchema, shortestReason } from '../workflows/gate/gateReport.ts';
import { runJob } from './runJob.ts';

const optionsSchema = z.object({
  model: z.string(),
  mr: z.string(),
  series: z.string().exactOptional(),
  out: z.string(),
  format: z.string().exactOptional(),
  grid: z.string(),
  uidRoot: z.string().exactOptional(),
  device: z.string(),
  structures: z.array(z.string()).exactOptional(),
  overrideGate: overrideReasonSchema.exactOptional(),
});

const resultSchema = z.object({
  out: z.string(),
  format: z.string(),
  model: z.object({ name: z.string(), weightHash: z.string() }),
  findings: z.array(z.object({ severity: z.string() })),
  gate: z.object({ verdict: z.string(), override: z.string().nullable() }),
  receipt: z.object({ files: z.number() }),
});

/** What was written, by which model, and whether there was a warning to read. */
function describeResult(data: Readonly<Record<string, unknown>>): string {
  const { out, format, model, findings, gate, receipt } = resultSchema.parse(data);
  const written =
    format === 'dicom'
      ? `Wrote ${receipt.files} DICOM files to ${out}, read back and equal to what was meant.`
      : `Wrote ${out} (${format}), read back and equal to what was meant.`;
  const warnings = findings.filter(({ severity }) => severity !== 'info').length;
  return [
    written,
    `Receipt: ${out}.receipt.json`,
    `Model ${model.name}, weights ${model.weightHash.slice(0, 12)}…`,
    `Domain gate: ${gate.override === null ? gate.verdict : `${gate.verdict}, overridden (“${gate.override}”)`}`,
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'note' : 'notes'} above: read before use.`] : []),
  ].join('\n');
}

function rootOf(text: string): string {
  const parsed = uidRootSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    `Give an object identifier of at most ${longestUidRoot} characters, such as 1.2.826.0.1.3680043.10.1234.`,
  );
}

function reasonOf(text: string): string {
  const parsed = overrideReasonSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Give a reason of at least ${shortestReason} characters.`);
}

/** `ilium synthesize`: runs the job `synthesize` and prints its result. */
export const synthesizeCommand: CommandSpec = {
  name: 'synthesize',
  description: 'MR to synthetic CT as DICOM, NIfTI or MetaImage',
  configure: (command) =>
    command
      .requiredOption('--model <path>', 'model folder: ONNX file and card')
      .requiredOption('--mr <path>', 'MR: folder of DICOM files, NIfTI or MetaImage')
      .option('--series <name>', 'one of several series at --mr: number, UID or a part of the description')
      .requiredOption('--out <path>', 'new folder (dicom) or file (nifti, mha)')
      .addOption(
        new Option('--format <format>', 'default: as the ending of --out says, else dicom').choices([
          'dicom',
          'nifti',
          'mha',
        ]),
      )
      .addOption(
        new Option('--grid <grid>', 'the MR’s own, or axial slices of 1 × 1 × 2.5 mm')
          .choices(['mr', 'axial'])
          .default('mr'),
      )
      .option('--uid-root <oid>', 'root of new DICOM UIDs (default: that of the settings, else 2.25)', rootOf)
      .option('--structures <files...>', 'RTSTRUCT drawn on the MR, written again for the sCT series')
      .option(
        '--override-gate <reason>',
        'go on where the MR does not fit the model; logged and exported',
        reasonOf,
      )
      .option(deviceFlags, deviceDescription, parseDevice, 'auto'),
  run(context, options) {
    const { overrideGate, ...params } = optionsSchema.parse(options);
    const override = overrideGate === undefined ? {} : { override: overrideGate };
    const { workspaceDirectory: workspace } = context;
    return runJob('synthesize', { ...params, ...override, workspace }, context, describeResult);
  },
};
