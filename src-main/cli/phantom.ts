import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/appError.ts';
import { writePhantom } from '../workflows/phantom/writePhantom.ts';
import type { CommandSpec } from './command.ts';
import { numberBetween, wholeNumber } from './options.ts';

const optionsSchema = z.object({
  out: z.string(),
  cases: z.number(),
  seed: z.number(),
  misalign: z.number(),
  dicom: z.boolean().default(false),
  nifti: z.boolean().default(false),
});

/** `ilium phantom`: writes paired MR and CT phantoms with the true deformation. */
export const phantomCommand: CommandSpec = {
  name: 'phantom',
  description: 'paired MR and CT phantoms with the true deformation',
  configure: (command) =>
    command
      .requiredOption('--out <dir>', 'new folder')
      .requiredOption('--cases <n>', 'number of patients', wholeNumber(1))
      .option('--seed <n>', 'the same seed gives the same patients', wholeNumber(0), 1)
      .option(
        '--misalign <mm>',
        'largest displacement between MR and CT in most cases',
        numberBetween(0, 40),
        8,
      )
      .option('--dicom', 'write DICOM series (default)')
      .option('--nifti', 'write NIfTI files as SynthRAD2023 lays them out'),
  async run({ signal, onProgress }, options) {
    const { out, cases, seed, misalign, dicom, nifti } = optionsSchema.parse(options);
    if (dicom && nifti) throw new AppError('BAD_USAGE', { problem: 'Give either --dicom or --nifti.' });
    const format = nifti ? 'nifti' : 'dicom';
    const manifest = await writePhantom({
      out,
      cases,
      seed,
      misalignMm: misalign,
      format,
      onProgress,
      signal,
    });
    const aligned = manifest.cases.filter((one) => one.aligned).length;
    return {
      data: { out, ...manifest },
      text: `${cases} phantom cases, ${aligned} of them well aligned: images in ${join(out, manifest.images)}, the truth in ${join(out, 'truth')}.`,
    };
  },
};
