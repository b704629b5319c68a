/** Job `export`: an sCT of the workspace as DICOM series or NIfTI file, read back before it is called done, with a receipt beside it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ExportResult } from '../../api/contract.ts';
import { readNifti } from '../../formats/nifti/readNifti.ts';
import { AppError } from '../../shared/appError.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { Volume } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readVolumeFile, writeVolumeFile } from '../../workflows/files/volumeFile.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { JobRunner } from '../jobs/jobRunner.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory, type SctRecord } from '../library/sctRecord.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { compareVolumes } from './compareVolumes.ts';
import { derivedCtOf } from './derivedCtOf.ts';
import { exportCtSeries } from './exportCtSeries.ts';
import { receiptPath } from './freeExportPath.ts';

const uidsSchema = z.object({
  studyInstanceUid: z.string(),
  frameOfReferenceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopInstanceUids: z.array(z.string()),
});

const paramsSchema = z.object({
  workspace: z.string(),
  caseId: z.string(),
  sctId: z.string(),
  format: z.enum(['dicom', 'nifti']),
  /** The new folder (dicom) or file (nifti). */
  out: z.string(),
  createdAt: z.iso.datetime(),
  /** Shown before; absent: made now. */
  uids: uidsSchema.exactOptional(),
  seriesDescription: z.string().exactOptional(),
});
type Params = z.infer<typeof paramsSchema>;

interface Exportable {
  readonly volume: Volume;
  readonly record: CaseRecord;
  readonly sct: SctRecord;
}

/** Resolves with an ExportResult. Throws SCT_NOT_FOUND, OUTPUT_EXISTS, DISK_FULL, EXPORT_VERIFICATION_FAILED; then nothing is left. */
export const exportJob: JobRunner = async (params, { onEvent, signal }): Promise<ExportResult> => {
  const parsed = paramsSchema.parse(params);
  const workspace = await openWorkspace(parsed.workspace);
  const { caseId, sctId, format, out } = parsed;
  const record = await workspace.readCase(caseId);
  const sct = await readSct(workspace, caseId, sctId);
  const path = join(sctDirectory(workspace, caseId, sctId), 'sct.nii');
  const exportable = { record, sct, volume: readNifti(await readBytes(path), path) };
  const onProgress: OnProgress = (progress) => {
    signal.throwIfAborted();
    onEvent({ type: 'progress', ...progress });
  };
  const write = format === 'dicom' ? writeDicom : writeNiftiFile;
  const receipt = await write(exportable, parsed, onProgress);
  const result: ExportResult = { format, path: out, receipt };
  await writeAtomically(receiptPath(out), `${JSON.stringify({ schemaVersion: 1, ...result }, null, 2)}\n`);
  return result;
};

async function writeDicom(
  { volume, record, sct }: Exportable,
  { out, ...choices }: Params,
  onProgress: OnProgress,
): Promise<ExportResult['receipt']> {
  const derived = { ...derivedCtOf(record, sct, choices), volume };
  const receipt = await exportCtSeries(derived, out, onProgress);
  return {
    files: receipt.files.length,
    voxelsCompared: receipt.verified.voxels,
    studyInstanceUid: receipt.studyInstanceUid,
    seriesInstanceUid: receipt.seriesInstanceUid,
    frameOfReferenceUid: receipt.frameOfReferenceUid,
    modelName: sct.model.name,
    weightHash: sct.model.weightHash,
    findings: [...sct.findings, ...receipt.findings].map(findingBody),
  };
}

async function writeNiftiFile(
  { volume, sct }: Exportable,
  { out }: Params,
  onProgress: OnProgress,
): Promise<ExportResult['receipt']> {
  onProgress({ step: 'write', done: 0, total: 1 });
  await writeVolumeFile(out, volume, `sCT, ${sct.model.name}, not for clinical use`);
  onProgress({ step: 'verify', done: 0, total: 1 });
  const compared = compareVolumes(volume, await readVolumeFile(out));
  if (!compared.equal) {
    await rm(out, { force: true });
    throw new AppError('EXPORT_VERIFICATION_FAILED', { reason: compared.difference });
  }
  onProgress({ step: 'verify', done: 1, total: 1 });
  return {
    files: 1,
    voxelsCompared: compared.voxels,
    studyInstanceUid: null,
    seriesInstanceUid: null,
    frameOfReferenceUid: null,
    modelName: sct.model.name,
    weightHash: sct.model.weightHash,
    findings: sct.findings.map(findingBody),
  };
}
