/**
 * Exports a synthetic CT as a folder of DICOM files that is complete or not there at all, and is called done only after it was
 * read back from the disk: every voxel, the grid and the identity must be what was meant.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleVolume } from '../../formats/dicom/assembleVolume.ts';
import type { DerivedCt } from '../../formats/dicom/ctSeriesAttributes.ts';
import { createDicomUid } from '../../formats/dicom/dicomUid.ts';
import { encodeCtSeries, type EncodedCtSeries } from '../../formats/dicom/encodeCtSeries.ts';
import { seriesInconsistency } from '../../formats/dicom/seriesConsistency.ts';
import { groupSeries } from '../../formats/dicom/groupSeries.ts';
import { readDicomHeader, type DicomHeader } from '../../formats/dicom/readDicomHeader.ts';
import type { RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { stageFolder } from '../../workflows/files/stageFolder.ts';
import { writeStructureSets, type WrittenStructureSet } from '../structures/writeStructureSets.ts';
import { compareVolumes, type VolumeComparison } from './compareVolumes.ts';

/** What was exported, and what reading it back has shown. */
export interface Receipt {
  readonly directory: string;
  /** File names within the directory, in slice order. */
  readonly files: readonly string[];
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  /** One per file, in their order. */
  readonly sopInstanceUids: readonly string[];
  readonly verified: VolumeComparison;
  /** Structure sets that were written again for it, in the same folder. */
  readonly structureSets: readonly WrittenStructureSet[];
  readonly findings: readonly Finding[];
}

/**
 * Writes `derived` as one file per slice into `directory`, which must not hold anything yet, and `structures` that were drawn on its source. Throws OUTPUT_EXISTS, DISK_FULL,
 * WRITE_FAILED, EXPORT_VERIFICATION_FAILED and what `encodeCtSeries` throws; then nothing is left at `directory`.
 */
export async function exportCtSeries(
  derived: DerivedCt,
  directory: string,
  onProgress: OnProgress = () => undefined,
  structures: readonly RtStructureSet[] = [],
): Promise<Receipt> {
  const series = encodeCtSeries(derived);
  const total = series.instances.length;
  return stageFolder(directory, async (folder) => {
    for (const [done, { name, bytes }] of series.instances.entries()) {
      await writeFile(join(folder, name), bytes, { flag: 'wx' });
      onProgress({ step: 'write', done: done + 1, total });
    }
    const { header, verified } = await readBack(series, folder, derived, onProgress);
    const sopInstanceUids = series.instances.map(({ sopInstanceUid }) => sopInstanceUid);
    const { sopClassUid, patient, study, frameOfReferenceUid, seriesInstanceUid } = header;
    const contoured = {
      ...{ sopClassUid, patient, study, frameOfReferenceUid, seriesInstanceUid, sopInstanceUids },
      grid: series.written.grid,
    };
    const { createUid = createDicomUid, createdAt = new Date() } = derived;
    const drawn = await writeStructureSets(structures, contoured, folder, { createUid, createdAt });
    return {
      directory,
      files: series.instances.map(({ name }) => name),
      studyInstanceUid: header.study.studyInstanceUid,
      seriesInstanceUid: series.seriesInstanceUid,
      frameOfReferenceUid: header.frameOfReferenceUid,
      sopInstanceUids,
      verified,
      structureSets: drawn.sets,
      findings: [...series.findings, ...drawn.findings],
    };
  });
}

async function readBack(
  series: EncodedCtSeries,
  folder: string,
  derived: DerivedCt,
  onProgress: OnProgress,
): Promise<{ header: DicomHeader; verified: VolumeComparison }> {
  const total = series.instances.length;
  const headers: DicomHeader[] = [];
  for (const [done, { name, sopInstanceUid }] of series.instances.entries()) {
    const header = await verifying(async () => readDicomHeader(await readFile(join(folder, name)), name));
    if (header.sopInstanceUid !== sopInstanceUid) throw failed(`${name} is another image`);
    headers.push(header);
    onProgress({ step: 'verify', done: done + 1, total });
  }
  const inconsistency = seriesInconsistency(headers);
  if (inconsistency !== null) throw failed(inconsistency);
  const { groups } = groupSeries(headers);
  const [group] = groups;
  const [header] = headers;
  if (!group || !header || groups.length !== 1) throw failed(`it forms ${groups.length} series`);
  const { source, uids } = derived;
  const identity: readonly (readonly [string, string, string | undefined])[] = [
    ['series', header.seriesInstanceUid, series.seriesInstanceUid],
    ['study', header.study.studyInstanceUid, uids?.studyInstanceUid ?? source?.study.studyInstanceUid],
    ['patient', header.patient.patientId, source?.patient.patientId],
    [
      'frame of reference',
      header.frameOfReferenceUid,
      uids?.frameOfReferenceUid ?? source?.frameOfReferenceUid,
    ],
  ];
  const wrong = identity.find(([, actual, expected]) => expected && actual !== expected);
  if (wrong) throw failed(`the ${wrong[0]} differs`);
  const { volume } = await verifying(() => assembleVolume(group, (name) => readFile(join(folder, name))));
  const verified = compareVolumes(series.written, volume);
  if (!verified.equal) throw failed(verified.difference);
  return { header, verified };
}

/** A file of ours that cannot be read is a failed verification, whatever the reader calls it. */
async function verifying<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof AppError) throw failed(error.message, error);
    throw error;
  }
}

const failed = (reason: string, cause?: Error): AppError =>
  new AppError('EXPORT_VERIFICATION_FAILED', { reason }, cause ? { cause } : undefined);
