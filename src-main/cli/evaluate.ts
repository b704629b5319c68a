import { z } from 'zod';
import { openEvaluator } from '../services/evaluation/openEvaluator.ts';
import { loadStudyVolume } from '../services/importer/loadStudyVolume.ts';
import { formatReportText } from '../workflows/evaluate/formatReport.ts';
import { writeReport } from '../workflows/evaluate/writeReport.ts';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';

const optionsSchema = z.object({
  ct: z.string(),
  sct: z.string(),
  mask: z.string().optional(),
  out: z.string().optional(),
  device: z.string(),
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
      .option('--out <dir>', 'folder for report.html and report.json')
      .option(deviceFlags, `${deviceDescription} (LPIPS alone)`, parseDevice, 'cpu'),
  async run({ signal, onProgress }, options) {
    const { ct, sct, mask, out, device } = optionsSchema.parse(options);
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
    const evaluator = await openEvaluator({ device });
    const { findings, ...figures } = await evaluator
      .evaluate(inputs, { signal, onProgress })
      .finally(() => evaluator.dispose());
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
