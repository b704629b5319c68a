/**
 * Builds the volume of a display set file by file, and the record a derived series will need.
 *
 * Conventions: k ascends along the normal; values are HU (CT) or rescaled intensity (MR). They are kept as 16-bit integers
 * when every slice's slope and intercept are integers and all values fit, else as 32-bit floats. A few files are in memory at a time.
 */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import { frameReader } from './decodeFrame.ts';
import { writeFrameValues } from './frameValues.ts';
import { blendSlices } from './evenStack.ts';
import type { SeriesGroup } from './groupSeries.ts';
import { readDicomFrames, type DicomHeader } from './readDicomHeader.ts';
import type { SliceGeometry } from './sliceGeometry.ts';
import type { SourceSeries } from './sourceSeries.ts';

export interface AssembledVolume {
  readonly volume: Volume<Int16Array | Float32Array>;
  readonly source: SourceSeries;
  readonly findings: readonly Finding[];
}

/**
 * Reads every slice of `group` through `readFile(header.name)`, each file once. Rejects with the group's problem
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
  const acquired = await readSlices(headers, sliceLength, readFile);
  const data = group.evened ? blendSlices(acquired, sliceLength, group.evened.blends) : acquired;
  return {
    volume: { grid: geometry.grid, data },
    source: sourceOf(group, header, geometry),
    findings: group.findings,
  };
}

async function readSlices(
  headers: readonly DicomHeader[],
  sliceLength: number,
  readFile: (name: string) => Promise<Uint8Array>,
): Promise<Int16Array | Float32Array> {
  const length = sliceLength * headers.length;
  let data = headers.every(hasIntegerRescale) ? new Int16Array(length) : new Float32Array(length);
  const byFile = placesByFile(headers);
  for await (const { name, bytes } of readAhead([...byFile.keys()], readFile)) {
    const file = readDicomFrames(bytes, name);
    const readFrame = frameReader(file.bytes, name);
    for (const k of byFile.get(name) ?? []) {
      const expected = headers[k];
      const header = file.headers[expected?.frame ?? 0];
      if (!expected || !header || !isSameImage(header, expected))
        throw new AppError('FILE_UNREADABLE', { path: name, reason: 'it changed while it was being read' });
      const stored = await readFrame(header);
      if (writeFrameValues(stored, header, data, k * sliceLength)) continue;
      if (data instanceof Int16Array) data = Float32Array.from(data);
      if (!writeFrameValues(stored, header, data, k * sliceLength))
        throw new AppError('VOLUME_NOT_FINITE', { path: name, count: 1 });
    }
  }
  return data;
}

const filesAhead = 3;

/** Files in order, the next few being read while one is worked on. */
async function* readAhead(
  names: readonly string[],
  readFile: (name: string) => Promise<Uint8Array>,
): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const waiting = [...names];
  const started: { name: string; reading: Promise<Uint8Array> }[] = [];
  const start = (): void => {
    const name = waiting.shift();
    if (name === undefined) return;
    const reading = readFile(name);
    // A failure is thrown at its turn, or never when an earlier file ends the work.
    reading.catch(() => undefined);
    started.push({ name, reading });
  };
  for (let ahead = 0; ahead < filesAhead; ahead++) start();
  for (let next = started.shift(); next !== undefined; next = started.shift()) {
    start();
    yield { name: next.name, bytes: await next.reading };
  }
}

/** The slices each file holds, files in the order of their first slice. */
function placesByFile(headers: readonly DicomHeader[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [k, { name }] of headers.entries()) {
    const known = places.get(name);
    if (known) known.push(k);
    else places.set(name, [k]);
  }
  return places;
}

const isSameImage = (a: DicomHeader, b: DicomHeader): boolean =>
  a.sopInstanceUid === b.sopInstanceUid && a.rows === b.rows && a.columns === b.columns;

const hasIntegerRescale = ({ rescaleSlope, rescaleIntercept }: DicomHeader): boolean =>
  Number.isInteger(rescaleSlope) && Number.isInteger(rescaleIntercept);

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
