import { Option } from 'commander';
import { z } from 'zod';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';
import { runJob } from './runJob.ts';

const optionsSchema = z.object({
  model: z.string(),
  mr: z.string(),
  series: z.string().exactOptional(),
  out: z.string(),
  format: z.string().exactOptional(),
  device: z.string(),
});

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
      .option(deviceFlags, deviceDescription, parseDevice, 'auto'),
  run: (context, options) =>
    runJob('synthesize', { workspace: context.workspaceDirectory, ...optionsSchema.parse(options) }, context),
};
