/**
 * Builds the volume of a display set slice by slice, and the record a derived series will need.
 *
 * Conventions: k ascends along the normal; values are HU (CT) or rescaled intensity (MR). They are kept as 16-bit integers
 * when every slice's slope and intercept are integers and all values fit, else as 32-bit floats. One file is in memory at a time.
 */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import type { SeriesGroup } from './groupSeries.ts';
import { readDicomImage } from './readDicomImage.ts';
import type { DicomHeader } from './readDicomHeader.ts';
import type { SliceGeometry } from './sliceGeometry.ts';
import type { SourceSeries } from './sourceSeries.ts';

export interface AssembledVolume {
  readonly volume: Volume<Int16Array | Float32Array>;
  readonly source: SourceSeries;
  readonly findings: readonly Finding[];
}

/**
 * Reads every slice of `group` through `readFile(header.name)`. Throws the group's problem (SERIES_MISSING_SLICE,
 * SERIES_MIXED) or what `readDicomImage` throws.
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
  const values = new Float32Array(sliceLength * headers.length);
  for (const [k, { name, sopInstanceUid }] of headers.entries()) {
    const image = readDicomImage(await readFile(name), name);
    if (image.header.sopInstanceUid !== sopInstanceUid || image.values.length !== sliceLength) {
      throw new AppError('FILE_UNREADABLE', { path: name, reason: 'it changed while it was being read' });
    }
    values.set(image.values, k * sliceLength);
  }
  const data = headers.every(hasIntegerRescale) ? toInt16(values) : values;
  return {
    volume: { grid: geometry.grid, data },
    source: sourceOf(headers, header, geometry),
    findings: group.findings,
  };
}

const hasIntegerRescale = ({ pixels }: DicomHeader): boolean =>
  Number.isInteger(pixels.rescaleSlope) && Number.isInteger(pixels.rescaleIntercept);

/** The same values as integers, or `values` itself when one does not fit. */
function toInt16(values: Float32Array): Int16Array | Float32Array {
  const fits = values.every((value) => value >= -32768 && value <= 32767);
  return fits ? Int16Array.from(values) : values;
}

function sourceOf(
  headers: readonly DicomHeader[],
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
    ...(header.mrSequence ? { mrSequence: header.mrSequence } : {}),
    slices: headers.map(({ sopClassUid, sopInstanceUid, imagePositionPatient }) => ({
      sopClassUid,
      sopInstanceUid,
      imagePositionPatient: [...imagePositionPatient],
    })),
  };
}
