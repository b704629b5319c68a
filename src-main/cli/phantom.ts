import { join } from 'node:path';
import { z } from 'zod';
import { loadSegmentedCt } from '../services/importer/loadSegmentedCt.ts';
import { drawnSize } from '../imaging/phantom/drawnSize.ts';
import { AppError } from '../shared/appError.ts';
import { writePhantom } from '../workflows/phantom/writePhantom.ts';
import type { CommandSpec } from './command.ts';
import { imageSize, numberBetween, wholeNumber } from './options.ts';

const optionsSchema = z.object({
  out: z.string(),
  cases: z.number(),
  seed: z.number(),
  misalign: z.number(),
  variety: z.number(),
  dicom: z.boolean().default(false),
  nifti: z.boolean().default(false),
  fromCt: z.string().optional(),
  labels: z.string().optional(),
  size: z.tuple([z.number(), z.number()]).optional(),
  slices: z.number().optional(),
});

/** `ilium phantom`: writes paired MR and CT phantoms with the true deformation, drawn or made of a segmented CT. */
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
      .option(
        '--variety <share>',
        'how much contrast and noise of the MR differ between patients, 0 to 1',
        numberBetween(0, 1),
        0,
      )
      .option('--dicom', 'write DICOM series (default)')
      .option('--nifti', 'write NIfTI files as SynthRAD2023 lays them out')
      .option('--from-ct <path>', 'make the patients of this CT (folder of DICOM files, NIfTI or MetaImage)')
      .option('--labels <dir>', 'its masks, one file per structure named as by TotalSegmentator')
      .option(
        '--size <columns,rows>',
        `pixels of 2 mm (default: ${drawnSize.sizePx.join(',')}, or what the CT needs)`,
        imageSize,
      )
      .option(
        '--slices <n>',
        `slices of 5 mm (default: ${drawnSize.slices}, or what the CT holds of its hip bones)`,
        wholeNumber(1),
      ),
  async run({ signal, onProgress, onEvent }, options) {
    const { out, cases, seed, misalign, variety, dicom, nifti, fromCt, labels, size, slices } =
      optionsSchema.parse(options);
    if (dicom && nifti) throw new AppError('BAD_USAGE', { problem: 'Give either --dicom or --nifti.' });
    if ((fromCt === undefined) !== (labels === undefined))
      throw new AppError('BAD_USAGE', { problem: 'Give --from-ct and --labels together.' });
    const watched = { onProgress, signal };
    const scan =
      fromCt !== undefined && labels !== undefined
        ? await loadSegmentedCt({ ct: fromCt, labels }, watched)
        : undefined;
    const format = nifti ? 'nifti' : 'dicom';
    const manifest = await writePhantom({
      out,
      cases,
      seed,
      misalignMm: misalign,
      variety,
      format,
      ...(scan ? { scan } : {}),
      ...(size ? { sizePx: size } : {}),
      ...(slices === undefined ? {} : { slices }),
      onWarning: (message) => onEvent({ type: 'log', level: 'warning', message }),
      ...watched,
    });
    const { sizePx, slices: count } = manifest.grid;
    const aligned = manifest.cases.filter((one) => one.aligned).length;
    return {
      data: { out, ...manifest },
      text: `${cases} phantom cases, ${aligned} of them well aligned, of ${sizePx.join(' × ')} pixels and ${count} slices: images in ${join(out, manifest.images)}, the truth in ${join(out, 'truth')}.`,
    };
  },
};
