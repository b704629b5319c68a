/** Structure sets that leave with an sCT series: written beside its images, read back, and told with their UIDs. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRtStructureSet, type ContouredSeries } from '../../formats/dicom/encodeRtStructureSet.ts';
import { readRtStructureSet } from '../../formats/dicom/readRtStructureSet.ts';
import { contourPoints, type RtStructureSet } from '../../formats/dicom/rtStructureSet.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';

export interface WrittenStructureSet {
  readonly file: string;
  readonly label: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** The set it was made from. */
  readonly predecessorUid: string;
  readonly regions: number;
  readonly contours: number;
}

export interface WrittenStructureSets {
  readonly sets: readonly WrittenStructureSet[];
  readonly findings: readonly Finding[];
}

/** Numbers beside those of the sCT series, which are 9001 and up. */
const firstSeriesNumber = 9800;

/** Writes `sets` into `folder` as RS_0001.dcm and so on. Throws EXPORT_VERIFICATION_FAILED and what writing throws. */
export async function writeStructureSets(
  sets: readonly RtStructureSet[],
  series: ContouredSeries,
  folder: string,
  { createUid, createdAt }: { readonly createUid: () => string; readonly createdAt: Date },
): Promise<WrittenStructureSets> {
  const written: WrittenStructureSet[] = [];
  const findings: Finding[] = [];
  for (const [at, set] of sets.entries()) {
    const file = `RS_${String(at + 1).padStart(4, '0')}.dcm`;
    const identity = {
      seriesInstanceUid: createUid(),
      sopInstanceUid: createUid(),
      seriesNumber: firstSeriesNumber + at,
      createdAt,
    };
    const { bytes, withoutImage } = encodeRtStructureSet(set, series, identity);
    await writeFile(join(folder, file), bytes, { flag: 'wx' });
    verify(set, series, await readFile(join(folder, file)), file);
    const contours = set.rois.reduce((sum, roi) => sum + roi.contours.length, 0);
    const { label, sopInstanceUid: predecessorUid } = set;
    const { seriesInstanceUid, sopInstanceUid } = identity;
    written.push({
      file,
      label,
      seriesInstanceUid,
      sopInstanceUid,
      predecessorUid,
      regions: set.rois.length,
      contours,
    });
    if (withoutImage > 0) {
      const details = { count: withoutImage, label };
      findings.push({ code: 'structures-without-slice', severity: 'warning', subject: file, details });
    }
  }
  return { sets: written, findings };
}

/** Every point must be where it was, and every image named must be one of the series. */
function verify(meant: RtStructureSet, series: ContouredSeries, bytes: Uint8Array, file: string): void {
  const failed = (reason: string): AppError => new AppError('EXPORT_VERIFICATION_FAILED', { reason });
  const { structureSet, frameOfReferenceUids, imageUids } = readRtStructureSet(bytes, file);
  if (frameOfReferenceUids.join() !== series.frameOfReferenceUid)
    throw failed(`the frame of reference of ${file} differs`);
  const known = new Set(series.sopInstanceUids);
  if ([...imageUids].some((uid) => !known.has(uid))) throw failed(`${file} names images of another series`);
  const points = ({ rois }: RtStructureSet): string[] =>
    rois.flatMap((roi) =>
      roi.contours.map((contour) => `${roi.number} ${contourPoints(contour).map(toMicrometre).join()}`),
    );
  const [before, after] = [points(meant), points(structureSet)];
  if (before.length !== after.length || before.some((text, at) => text !== after[at]))
    throw failed(`contours of ${file} differ`);
}

/** Digits beyond the 16 characters of the standard are rounded away. */
const toMicrometre = (mm: number): number => Math.round(mm * 1000) / 1000;
