/**
 * Reads what the importer needs to know of the MR or CT images in a file: identity, geometry, acquisition and how pixels are
 * stored. Every frame of an enhanced image gets a header like that of a single image, so that one set of rules sorts both.
 *
 * Source: DICOM PS3.3 C.7.6.2 (Image Plane), C.7.6.16 (Functional Groups: C.7.6.16.2.1 pixel measures, .2.3 plane position,
 * .2.4 plane orientation, .2.9 pixel value transformation), C.8.2.1 (CT Image), C.8.3.1 (MR Image). Conventions: mm in LPS;
 * absent texts are ''. A header is only returned for an image whose pixels can be read here as far as the header tells.
 */
import { AppError } from '../../shared/appError.ts';
import type { Vector3 } from '../../shared/affine.ts';
import { createTextDecoder } from './characterSets.ts';
import { readAcquisition, type Acquisition } from './acquisition.ts';
import type { DataSet } from './dicomParser.ts';
import { readMrSequence, type MrSequence } from './mrSequence.ts';
import { guardParser, openDataSet, type OpenedDataSet } from './openDataSet.ts';
import { frameAttributes, type AttributeFinder } from './frameAttributes.ts';
import { readPixelStorage, type PixelStorage } from './pixelStorage.ts';
import type { PatientModule, SourceSeries, StudyModule } from './sourceSeries.ts';

export interface DicomHeader {
  /** The file, as given to the reader. */
  readonly name: string;
  /** Which of the file's frames, from 0. */
  readonly frame: number;
  readonly frameCount: number;
  readonly transferSyntaxUid: string;
  readonly modality: 'MR' | 'CT';
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly instanceNumber: number;
  readonly patient: PatientModule;
  readonly study: StudyModule;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly seriesDescription: string;
  readonly bodyPartExamined: string;
  readonly manufacturer: string;
  readonly frameOfReferenceUid: string;
  readonly positionReferenceIndicator: string;
  readonly patientPosition: string;
  /** Of a frame of an enhanced image: its frame type. */
  readonly imageType: readonly string[];
  readonly imagePositionPatient: Vector3;
  readonly imageOrientationPatient: SourceSeries['imageOrientationPatient'];
  /** PixelSpacing as in the standard: between rows (along j), then between columns (along i), mm. */
  readonly pixelSpacing: readonly [number, number];
  readonly sliceThicknessMm?: number;
  readonly spacingBetweenSlicesMm?: number;
  readonly rows: number;
  readonly columns: number;
  readonly acquisition: Acquisition;
  /** MR alone. */
  readonly mrSequence?: MrSequence;
  /** Whether small values are meant to be shown bright (MONOCHROME1); values are kept as they are (PS3.3 C.7.6.3.1.2). */
  readonly shownInverted: boolean;
  /** Value = slope · stored + intercept: HU, or the scanner's MR intensity; 1 and 0 where the file does not say. */
  readonly rescaleSlope: number;
  readonly rescaleIntercept: number;
  readonly pixels: PixelStorage;
}

export interface DicomFrames {
  /** The data set's bytes that headers' offsets count in. */
  readonly bytes: Uint8Array;
  /** One per frame, in the file's order. */
  readonly headers: readonly DicomHeader[];
}

/**
 * Reads the headers of the DICOM file in `bytes`, which may be the beginning of a file of `fileSize` bytes: what is missing then is
 * DICOM_TRUNCATED. `name` is only for messages. Throws an AppError: NOT_DICOM, DICOM_TRUNCATED, DICOM_UNSUPPORTED, DICOM_NO_IMAGE (no MR
 * or CT image), VOLUME_EMPTY or FILE_UNREADABLE.
 */
export function readDicomFrames(bytes: Uint8Array, name: string, fileSize = bytes.length): DicomFrames {
  const opened = openDataSet(bytes, name);
  const size = opened.bytes === bytes ? fileSize : opened.bytes.length;
  return guardParser(name, true, () => ({ bytes: opened.bytes, headers: headersOf(opened, size, name) }));
}

/** The header of a file with one image. Throws what `readDicomFrames` throws, and DICOM_UNSUPPORTED for several frames. */
export function readDicomHeader(bytes: Uint8Array, name: string): DicomHeader {
  const [header, second] = readDicomFrames(bytes, name).headers;
  if (header !== undefined && second === undefined) return header;
  throw new AppError('DICOM_UNSUPPORTED', { path: name, reason: 'it is a multi-frame image' });
}

function headersOf(opened: OpenedDataSet, fileSize: number, name: string): DicomHeader[] {
  const { dataSet, transferSyntaxUid } = opened;
  const decode = createTextDecoder(dataSet.string('x00080005') ?? '');
  const text = (tag: string, from = dataSet): string => textOf(from, tag, decode);
  const modality = text('x00080060');
  if (modality !== 'MR' && modality !== 'CT') throw new AppError('DICOM_NO_IMAGE', { path: name });
  const finders = frameAttributes(dataSet, name);
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  if (rows * columns * finders.length === 0) throw new AppError('VOLUME_EMPTY', { path: name });
  const common = {
    name,
    frameCount: finders.length,
    transferSyntaxUid,
    modality,
    sopClassUid: text('x00080016'),
    sopInstanceUid: text('x00080018'),
    instanceNumber: dataSet.intString('x00200013') || 0,
    patient: readPatient(text),
    study: readStudy(text),
    seriesInstanceUid: text('x0020000e'),
    seriesNumber: text('x00200011'),
    seriesDescription: text('x0008103e'),
    bodyPartExamined: text('x00180015'),
    manufacturer: text('x00080070'),
    frameOfReferenceUid: text('x00200052'),
    positionReferenceIndicator: text('x00201040'),
    patientPosition: text('x00185100'),
    rows,
    columns,
    shownInverted: text('x00280004') === 'MONOCHROME1',
  } as const;
  const frames = finders.map((find, frame) => ({ ...common, frame, ...readFrame(find, text, name) }));
  const pixels = readPixelStorage(opened, rows * columns * finders.length, fileSize, name);
  return frames.map((header) => ({ ...header, pixels }));
}

/** What may differ from frame to frame. */
function readFrame(
  find: AttributeFinder,
  text: (tag: string, from?: DataSet) => string,
  name: string,
): Pick<
  DicomHeader,
  | 'imageType'
  | 'imagePositionPatient'
  | 'imageOrientationPatient'
  | 'pixelSpacing'
  | 'sliceThicknessMm'
  | 'spacingBetweenSlicesMm'
  | 'acquisition'
  | 'mrSequence'
  | 'rescaleSlope'
  | 'rescaleIntercept'
> {
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  const number = (tag: string): number | undefined => find(tag).floatString(tag);
  const numbers = (tag: string, count: number): number[] | undefined => numbersOf(find(tag), tag, count);

  const imageType = (text('x00089007', find('x00089007')) || text('x00080008'))
    .split('\\')
    .map((value) => value.trim());
  const orientation = numbers('x00200037', 6);
  const position = numbers('x00200032', 3);
  const pixelSpacing = numbers('x00280030', 2);
  if (!orientation || !position || !isOrthonormal(orientation))
    throw unsupported('it does not say where it lies in the patient');
  if (!pixelSpacing || !(Math.min(...pixelSpacing) > 0)) throw unsupported('it has no pixel spacing');
  const rescaleSlope = number('x00281053') ?? 1;
  const rescaleIntercept = number('x00281052') ?? 0;
  if (!Number.isFinite(rescaleIntercept) || !Number.isFinite(rescaleSlope) || rescaleSlope === 0)
    throw unsupported('its rescale slope and intercept are not valid');
  const sliceThicknessMm = positive(number('x00180050'));
  const spacingBetweenSlicesMm = positive(number('x00180088'));
  const mrSequence = readMrSequence(find);
  return {
    imageType,
    imagePositionPatient: position as [number, number, number],
    imageOrientationPatient: orientation as SourceSeries['imageOrientationPatient'],
    pixelSpacing: pixelSpacing as [number, number],
    ...(sliceThicknessMm === undefined ? {} : { sliceThicknessMm }),
    ...(spacingBetweenSlicesMm === undefined ? {} : { spacingBetweenSlicesMm }),
    acquisition: readAcquisition(find),
    ...(mrSequence === undefined ? {} : { mrSequence }),
    rescaleSlope,
    rescaleIntercept,
  };
}

const readPatient = (text: (tag: string) => string): PatientModule => ({
  patientName: text('x00100010'),
  patientId: text('x00100020'),
  issuerOfPatientId: text('x00100021'),
  patientBirthDate: text('x00100030'),
  patientSex: text('x00100040'),
  patientAge: text('x00101010'),
  patientWeight: text('x00101030'),
});

const readStudy = (text: (tag: string) => string): StudyModule => ({
  studyInstanceUid: text('x0020000d'),
  studyDate: text('x00080020'),
  studyTime: text('x00080030'),
  studyId: text('x00200010'),
  accessionNumber: text('x00080050'),
  referringPhysicianName: text('x00080090'),
  studyDescription: text('x00081030'),
});

function textOf(dataSet: DataSet, tag: string, decode: (bytes: Uint8Array) => string): string {
  const element = dataSet.elements[tag];
  if (!element || element.items || element.dataOffset + element.length > dataSet.byteArray.length) return '';
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  // A trailing NUL pads UIDs and, against the standard, other texts.
  return decode(bytes).replace(/\0+$/, '').trim();
}

/** Exactly `count` finite numbers of a DS element, or undefined. */
function numbersOf(dataSet: DataSet, tag: string, count: number): number[] | undefined {
  if (dataSet.numStringValues(tag) !== count) return undefined;
  const values = Array.from({ length: count }, (_, at) => dataSet.floatString(tag, at) ?? NaN);
  return values.every(Number.isFinite) ? values : undefined;
}

/** Unit length and right angle within what 16-character (and sloppier) decimal strings keep. */
function isOrthonormal([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: readonly number[]): boolean {
  const near = (value: number, target: number): boolean => Math.abs(value - target) < 1e-3;
  return near(Math.hypot(a, b, c), 1) && near(Math.hypot(d, e, f), 1) && near(a * d + b * e + c * f, 0);
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;
