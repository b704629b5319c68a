/** Job `synthesize`: an MR through a model, out as a verified DICOM series, NIfTI or MetaImage. */
import { extname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import { formatMessage } from '../../shared/messages.ts';
import { openImageModel, type ImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import { onnxProviders } from '../../tensor/executors/onnx/onnxExecutor.ts';
import { openExecutor } from '../../tensor/executors/openExecutor.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { writeVolumeFile } from '../../workflows/files/volumeFile.ts';
import { readModel, type StoredModel } from '../../workflows/model/readModel.ts';
import { synthesizeVolume } from '../../workflows/synthesize/synthesizeVolume.ts';
import { exportCtSeries } from '../exporter/exportCtSeries.ts';
import { loadStudyVolume } from '../importer/loadStudyVolume.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';

const formats = ['dicom', 'nifti', 'mha'] as const;

const paramsSchema = z.object({
  model: z.string(),
  mr: z.string(),
  /** One of several series at `mr`: its number, UID or a part of its description. */
  series: z.string().optional(),
  out: z.string(),
  format: z.enum(formats).optional(),
  device: z.string().default('auto'),
});

/** Resolves with what was written, the model's identity and the findings. */
export const synthesizeJob: JobRunner = async (params, context) => {
  const { model: modelPath, mr, series, out, format, device } = paramsSchema.parse(params);
  const { onEvent, signal } = context;
  if (await fileExists(out)) throw new AppError('OUTPUT_EXISTS', { path: out });
  const stored = await readModel(modelPath);
  const study = await loadStudyVolume(mr, {
    modality: 'MR',
    signal,
    ...(series === undefined ? {} : { series }),
  });
  report(study.findings, context);
  const model = await openModel(stored, modelPath, device, context);
  try {
    const { sct, findings } = await synthesizeVolume(study.volume, model, stored.card, {
      subject: study.name,
      signal,
      onProgress: (progress) => onEvent({ type: 'progress', ...progress }),
    });
    report(findings, context);
    const { name, version, weightHash } = stored.card;
    const identity = { name, version, weightHash };
    const result = { model: identity, findings: [...study.findings, ...findings] };
    if ((format ?? formatOf(out)) !== 'dicom') {
      await writeVolumeFile(out, sct, `sCT, ${name}, not for clinical use`);
      return { out, format: format ?? formatOf(out), ...result };
    }
    const receipt = await exportCtSeries(
      { volume: sct, model: identity, ...(study.source ? { source: study.source } : {}) },
      out,
      (progress) => onEvent({ type: 'progress', ...progress }),
    );
    report(receipt.findings, context);
    return { out, format: 'dicom', ...result, receipt: { ...receipt, files: receipt.files.length } };
  } finally {
    await model.dispose();
  }
};

/** The format that the ending of a path asks for; DICOM where it asks for none. */
function formatOf(path: string): (typeof formats)[number] {
  if (/\.nii(\.gz)?$/i.test(path)) return 'nifti';
  return extname(path).toLowerCase() === '.mha' ? 'mha' : 'dicom';
}

async function openModel(
  { bytes }: StoredModel,
  path: string,
  device: string,
  { onEvent }: JobContext,
): Promise<ImageModel> {
  const { executor, chosen, notes } = await openExecutor({ executor: 'onnx', device });
  await executor.dispose();
  for (const message of notes) onEvent({ type: 'log', level: 'info', message });
  const provider = onnxProviders.find((one) => one === chosen) ?? 'cpu';
  try {
    return await openImageModel(bytes, provider);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('MODEL_INVALID', { path, reason }, { cause: error });
  }
}

function report(findings: readonly Finding[], { onEvent }: JobContext): void {
  for (const { code, severity, subject, details } of findings)
    onEvent({
      type: 'log',
      level: severity === 'info' ? 'info' : 'warning',
      message: `${subject}: ${formatMessage(`findings.${code}`, details)}`,
    });
}
