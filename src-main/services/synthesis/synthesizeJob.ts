/** Job `synthesize`: an MR through a model, out as a verified DICOM series, NIfTI or MetaImage. */
import { readdir, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DerivedCt } from '../../formats/dicom/ctSeriesAttributes.ts';
import { dicomUidsUnder } from '../../formats/dicom/dicomUid.ts';
import { readRtStructureSet } from '../../formats/dicom/readRtStructureSet.ts';
import type { RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import { uidRootSchema } from '../../formats/dicom/uidRoot.ts';
import type { Volume } from '../../shared/volume.ts';
import { AppError } from '../../shared/appError.ts';
import { overrideReasonSchema } from '../../workflows/gate/gateReport.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { fileHash } from '../../workflows/files/fileHash.ts';
import { readModel } from '../../workflows/model/readModel.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { exportGrids } from '../exporter/exportGrid.ts';
import { receiptPath } from '../exporter/freeExportPath.ts';
import { writeSct } from '../exporter/writeSct.ts';
import { loadStudyVolume } from '../importer/loadStudyVolume.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { createSettingsStore } from '../settings/settingsStore.ts';
import { openModel } from './openModel.ts';
import { reportFindings } from './reportFindings.ts';
import { synthesizeBehindGate } from './synthesizeBehindGate.ts';

const formats = ['dicom', 'nifti', 'mha'] as const;

const paramsSchema = z.object({
  model: z.string(),
  mr: z.string(),
  /** One of several series at `mr`: its number, UID or a part of its description. */
  series: z.string().optional(),
  out: z.string(),
  format: z.enum(formats).optional(),
  device: z.string().default('auto'),
  grid: z.enum(exportGrids).default('mr'),
  /** Of new UIDs; absent: that of the workspace's settings. */
  uidRoot: uidRootSchema.optional(),
  /** Structure sets that were drawn on the MR, to be written again for the series: files. */
  structures: z.array(z.string()).default([]),
  /** Whose audit log it goes into. */
  workspace: z.string(),
  /** Why to go on where the gate stops. */
  override: overrideReasonSchema.optional(),
});

/** Resolves with what was written, the model's identity and the findings. */
export const synthesizeJob: JobRunner = async (params, context) => {
  const {
    model: modelPath,
    mr,
    series,
    out,
    format,
    device,
    grid,
    uidRoot,
    structures: structurePaths,
    workspace,
    override,
  } = paramsSchema.parse(params);
  const { onEvent, signal } = context;
  const outFormat = outputFormat(out, format);
  if (await isOccupied(out, outFormat)) throw new AppError('OUTPUT_EXISTS', { path: out });
  const stored = await readModel(modelPath);
  const study = await loadStudyVolume(mr, {
    modality: 'MR',
    signal,
    ...(series === undefined ? {} : { series }),
  });
  const structures = await readStructuresOf(structurePaths, study.source, outFormat);
  const inputs = { mr: voxelHash(study.volume) };
  const { model, notes } = await openModel(stored, modelPath, device);
  try {
    const { sct, gate, findings } = await synthesizeBehindGate(study.volume, model, stored.card, {
      name: study.name,
      audit: { workspace: { directory: workspace }, subject: '', inputs },
      ...(override === undefined ? {} : { override }),
      ...(study.source ? { source: study.source } : {}),
      signal,
      onProgress: (progress) => {
        // Only now it is known that model and MR go together; before, an error should be all that is said.
        for (const message of notes.splice(0)) onEvent({ type: 'log', level: 'info', message });
        onEvent({ type: 'progress', ...progress });
      },
    });
    const named = { named: true };
    reportFindings([...study.findings, ...findings], context, named);
    const { name, version, weightHash } = stored.card;
    const identity = { name, version, weightHash };
    const result = { model: identity, findings: [...study.findings, ...findings], gate };
    const root = uidRoot ?? (await createSettingsStore(workspace, () => undefined).read()).uidRoot;
    const derived: DerivedCt = {
      volume: sct,
      model: identity,
      createUid: dicomUidsUnder(root),
      ...(study.source ? { source: study.source } : {}),
    };
    const written = await writeSct(
      { derived, format: outFormat, out, grid, gate, findings: result.findings, structures },
      (progress) => onEvent({ type: 'progress', ...progress }),
      async () =>
        appendAudit(
          { directory: workspace },
          {
            action: 'generate',
            subject: '',
            model: identity,
            inputs,
            outputs: { receipt: await fileHash(receiptPath(out)) },
            details: { format: outFormat, grid, gate: gate.verdict, overridden: gate.override !== null },
          },
        ),
    );
    reportFindings(written.receipt.findings.slice(result.findings.length), context, named);
    return {
      ...result,
      findings: written.receipt.findings,
      out,
      format: outFormat,
      receipt: written.receipt,
    };
  } finally {
    await model.dispose();
  }
};

/** SHA-256 of the voxels as they were read: there is no one file. */
function voxelHash({ data }: Volume): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

type Format = (typeof formats)[number];

/** Structure sets of the MR. Throws BAD_USAGE without DICOM on both sides, STRUCTURES_OTHER_FRAME, and what reading them throws. */
async function readStructuresOf(
  paths: readonly string[],
  source: SourceSeries | undefined,
  format: Format,
): Promise<RtStructureSet[]> {
  if (paths.length > 0 && (!source || format !== 'dicom'))
    throw new AppError('BAD_USAGE', {
      problem: '--structures needs a DICOM MR and a DICOM series to write.',
    });
  const frame = source?.frameOfReferenceUid ?? '';
  return Promise.all(
    paths.map(async (path) => {
      const { structureSet, frameOfReferenceUids } = readRtStructureSet(await readBytes(path), path);
      if (frame === '' || frameOfReferenceUids.join() !== frame)
        throw new AppError('STRUCTURES_OTHER_FRAME', {
          case: source?.seriesDescription || 'the MR',
          set: path,
        });
      return structureSet;
    }),
  );
}

/** The wanted format, else the one that the ending of `out` asks for, else DICOM. Throws BAD_USAGE where the ending says another one. */
function outputFormat(out: string, wanted?: Format): Format {
  const implied = /\.nii(\.gz)?$/i.test(out) ? 'nifti' : /\.mha$/i.test(out) ? 'mha' : 'dicom';
  if (wanted === undefined || wanted === implied) return implied;
  const needed = {
    dicom: 'the name of a folder',
    nifti: 'a name ending in .nii or .nii.gz',
    mha: 'a name ending in .mha',
  };
  throw new AppError('BAD_USAGE', { problem: `--format ${wanted} needs ${needed[wanted]}, not ${out}.` });
}

/** Whether something is at `out` already; an empty folder may become the series. */
async function isOccupied(out: string, format: Format): Promise<boolean> {
  if (!(await fileExists(out))) return false;
  return format !== 'dicom' || !(await stat(out)).isDirectory() || (await readdir(out)).length > 0;
}
