/**
 * Builds the volume of a display set file by file, and the record a derived series will need.
 *
 * Conventions: k ascends along the normal; values are HU (CT) or rescaled intensity (MR). They are kept as 16-bit integers
 * when every slice's slope and intercept are integers and all values fit, else as 32-bit floats. A few files are in memory at a time.
 */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import { blendSlices } from './evenStack.ts';
import type { SeriesGroup } from './groupSeries.ts';
import { nameFiles } from './nameFiles.ts';
import type { DicomHeader } from './readDicomHeader.ts';
import { readSlices, type ComparedCopy } from './readSlices.ts';
import type { SliceGeometry } from './sliceGeometry.ts';
import type { SourceSeries } from './sourceSeries.ts';

export interface AssembledVolume {
  readonly volume: Volume<Int16Array | Float32Array>;
  readonly source: SourceSeries;
  /** What became of files that are copies of others. */
  readonly copies: readonly ComparedCopy[];
  readonly findings: readonly Finding[];
}

/**
 * Reads every slice of `group`, and copies of them, through `readFile(header.name)`, each file once. Rejects with the group's problem
 * (SERIES_MISSING_SLICE, SERIES_MIXED), or what `readDicomImage` rejects with.
 */
export async function assembleVolume(
  group: SeriesGroup,
  readFile: (name: string) => Promise<Uint8Array>,
): Promise<AssembledVolume> {
  const { headers, geometry, problem } = group;
  const [header] = headers;
  if (problem) throw problem;
  if (!geometry || !header) throw new AppError('VOLUME_EMPTY', { path: group.label });
  const sliceLength = header.rows * header.columns;
  const { data: acquired, copies } = await readSlices(headers, group.duplicates, readFile);
  const data = group.evened ? blendSlices(acquired, sliceLength, group.evened.blends) : acquired;
  return {
    volume: { grid: geometry.grid, data },
    source: sourceOf(group, header, geometry),
    copies,
    findings: [...group.findings, ...copyFindings(group, copies)],
  };
}

/** What the copies of its images say about the whole series. */
function copyFindings({ label }: SeriesGroup, copies: readonly ComparedCopy[]): Finding[] {
  const told = (code: string, verdict: ComparedCopy['verdict']): Finding[] => {
    const which = copies.filter((copy) => copy.verdict === verdict).map(({ header }) => header);
    const details = { count: which.length, files: nameFiles(which) };
    return which.length === 0 ? [] : [{ code, severity: 'warning', subject: label, details }];
  };
  return [...told('series-copies-differ', 'different'), ...told('series-copies-taken', 'taken')];
}

function sourceOf(
  { headers, evened }: SeriesGroup,
  header: DicomHeader,
  { sliceSpacingMm }: SliceGeometry,
): SourceSeries {
  const [rowSpacing, columnSpacing] = header.pixelSpacing;
  return {
    modality: header.modality,
    patient: header.patient,
    study: header.study,
    seriesInstanceUid: header.seriesInstanceUid,
    seriesNumber: header.seriesNumber,
    seriesDescription: header.seriesDescription,
    bodyPartExamined: header.bodyPartExamined,
    manufacturer: header.manufacturer,
    frameOfReferenceUid: header.frameOfReferenceUid,
    positionReferenceIndicator: header.positionReferenceIndicator,
    patientPosition: header.patientPosition,
    imageOrientationPatient: header.imageOrientationPatient,
    spacingMm: [columnSpacing, rowSpacing, sliceSpacingMm],
    rows: header.rows,
    columns: header.columns,
    ...(evened ? { evened: { smallestMm: evened.smallestMm, largestMm: evened.largestMm } } : {}),
    ...(header.mrSequence ? { mrSequence: header.mrSequence } : {}),
    slices: headers.map(({ sopClassUid, sopInstanceUid, imagePositionPatient, frame, frameCount }) => ({
      sopClassUid,
      sopInstanceUid,
      ...(frameCount === 1 ? {} : { frameNumber: frame + 1 }),
      imagePositionPatient: [...imagePositionPatient],
    })),
  };
}
