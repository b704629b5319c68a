/**
 * Writes an sCT as DICOM series, NIfTI or MetaImage, reads it back before it is called done, and leaves a receipt beside it. The receipt
 * lies beside the folder, never in it: planning systems read every file of a folder.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import packageRecord from '../../../package.json' with { type: 'json' };
import type { ExportResult } from '../../api/contract/exports.ts';
import type { DerivedCt } from '../../formats/dicom/ctSeriesAttributes.ts';
import type { RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readVolumeFile, writeVolumeFile } from '../../workflows/files/volumeFile.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import type { GateOutcome } from '../../workflows/gate/gateReport.ts';
import { findingBody } from '../findings/findingBody.ts';
import { gateBody } from '../findings/gateBody.ts';
import { compareVolumes, type VolumeComparison } from './compareVolumes.ts';
import { exportCtSeries } from './exportCtSeries.ts';
import { onExportGrid, resamplingSentence, type ExportGrid } from './exportGrid.ts';
import { receiptPath } from './freeExportPath.ts';

export interface SctToWrite {
  /** The volume on the grid of the MR, and whose it is. */
  readonly derived: DerivedCt;
  readonly format: ExportResult['format'];
  /** The new folder (dicom) or file. */
  readonly out: string;
  readonly grid: ExportGrid;
  /** Absent for sCTs of before there was a gate. */
  readonly gate?: GateOutcome;
  /** What was found while it was made; what writing it finds is added. */
  readonly findings: readonly Finding[];
  /** Drawn on the MR, to be written again for the series; DICOM only. */
  readonly structures?: readonly RtStructureSet[];
}

/**
 * `note` is told when all is written and before it is called done: the audit log's line belongs to it. Throws OUTPUT_EXISTS, DISK_FULL,
 * WRITE_FAILED, EXPORT_VERIFICATION_FAILED, BAD_USAGE and what `note` throws; then `out` and its receipt are as they were before.
 */
export async function writeSct(
  sct: SctToWrite,
  onProgress: OnProgress,
  note: (result: ExportResult) => Promise<unknown>,
): Promise<ExportResult> {
  const { derived, format, out, grid, gate, findings, structures = [] } = sct;
  const { model, volume } = derived;
  const resampling = resamplingSentence(volume.grid, grid);
  const toWrite: DerivedCt = {
    ...derived,
    volume: onExportGrid(volume, grid),
    ...(gate ? { gate } : {}),
    ...(resampling === undefined ? {} : { resampling }),
  };
  // Only an empty folder may be there; anything else is refused.
  const wasThere = await fileExists(out);
  const written =
    format === 'dicom'
      ? await asSeries(toWrite, out, structures, onProgress)
      : await asFile(toWrite, out, onProgress);
  const { verified, findings: own, ...series } = written;
  const result: ExportResult = {
    format,
    path: out,
    receipt: {
      ...series,
      grid,
      voxelsCompared: verified.voxels,
      maxValueDifference: verified.maxValueDifference,
      maxPlaceDifferenceMm: verified.maxPlaceDifferenceMm,
      modelName: model.name,
      modelVersion: model.version,
      weightHash: model.weightHash,
      gate: gate ? gateBody(gate) : null,
      program: `Ilium ${packageRecord.version}`,
      findings: [...findings, ...own].map(findingBody),
    },
  };
  try {
    await withReceipt(receiptPath(out), result, () => note(result));
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    if (wasThere) await mkdir(out);
    throw error;
  }
  return result;
}

/** Writes the receipt; when `note` fails, what was there before (of an export whose files were taken away) is there again. */
async function withReceipt(path: string, result: ExportResult, note: () => Promise<unknown>): Promise<void> {
  const before = (await fileExists(path)) ? await readFile(path) : undefined;
  await writeAtomically(path, `${JSON.stringify({ schemaVersion: 2, ...result }, null, 2)}\n`);
  try {
    await note();
  } catch (error) {
    if (before) await writeAtomically(path, before);
    else await rm(path, { force: true });
    throw error;
  }
}

type Series = Pick<
  ExportResult['receipt'],
  | 'files'
  | 'studyInstanceUid'
  | 'seriesInstanceUid'
  | 'frameOfReferenceUid'
  | 'sopInstanceUids'
  | 'structureSets'
>;
type Written = Series & { readonly verified: VolumeComparison; readonly findings: readonly Finding[] };

async function asSeries(
  derived: DerivedCt,
  out: string,
  structures: readonly RtStructureSet[],
  onProgress: OnProgress,
): Promise<Written> {
  const exported = await exportCtSeries(derived, out, onProgress, structures);
  const { directory: _directory, files, ...receipt } = exported;
  return { files: files.length, ...receipt };
}

async function asFile({ volume, model }: DerivedCt, out: string, onProgress: OnProgress): Promise<Written> {
  if (await fileExists(out)) throw new AppError('OUTPUT_EXISTS', { path: out });
  onProgress({ step: 'write', done: 0, total: 1 });
  await writeVolumeFile(out, volume, `sCT, ${model.name}, not for clinical use`);
  onProgress({ step: 'verify', done: 0, total: 1 });
  const verified = compareVolumes(volume, await readVolumeFile(out));
  if (!verified.equal) {
    await rm(out, { force: true });
    throw new AppError('EXPORT_VERIFICATION_FAILED', { reason: verified.difference });
  }
  onProgress({ step: 'verify', done: 1, total: 1 });
  return {
    files: 1,
    studyInstanceUid: null,
    seriesInstanceUid: null,
    frameOfReferenceUid: null,
    sopInstanceUids: [],
    structureSets: [],
    verified,
    findings: [],
  };
}
