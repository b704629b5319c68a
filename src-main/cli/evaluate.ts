import { z } from 'zod';
import { loadStudyVolume } from '../services/importer/loadStudyVolume.ts';
import { evaluateVolumes } from '../workflows/evaluate/evaluateVolumes.ts';
import { formatReportText } from '../workflows/evaluate/formatReport.ts';
import { writeReport } from '../workflows/evaluate/writeReport.ts';
import type { CommandSpec } from './command.ts';

const optionsSchema = z.object({
  ct: z.string(),
  sct: z.string(),
  mask: z.string().optional(),
  out: z.string().optional(),
});

/** `ilium evaluate`: compares a synthetic CT with the CT. */
export const evaluateCommand: CommandSpec = {
  name: 'evaluate',
  description: 'metrics of a synthetic CT against the CT, and a report',
  configure: (command) =>
    command
      .requiredOption('--ct <path>', 'CT: folder of DICOM files, NIfTI or MetaImage')
      .requiredOption('--sct <path>', 'synthetic CT, in the same forms')
      .option('--mask <path>', 'NIfTI or MetaImage; voxels above zero count (default: all)')
      .option('--out <dir>', 'folder for report.html and report.json'),
  async run({ signal, onProgress }, options) {
    const { ct, sct, mask, out } = optionsSchema.parse(options);
    const load = async (
      path: string,
      modality?: 'CT',
    ): Promise<{ name: string } & Awaited<ReturnType<typeof loadStudyVolume>>> => ({
      ...(await loadStudyVolume(path, { ...(modality ? { modality } : {}), onProgress, signal })),
      name: path,
    });
    const inputs = {
      ct: await load(ct, 'CT'),
      sct: await load(sct, 'CT'),
      ...(mask ? { mask: await load(mask) } : {}),
    };
    signal.throwIfAborted();
    const { findings, ...figures } = evaluateVolumes(inputs);
    const read = [inputs.ct, inputs.sct].flatMap((input) => input.findings);
    const report = { ...figures, findings: [...read, ...findings] };
    const files = out === undefined ? undefined : await writeReport(out, report);
    const text = formatReportText(report);
    return {
      data: { ...report, ...(files ? { files } : {}) },
      text: files ? `${text}\n\nReport: ${files.html}` : text,
    };
  },
};
