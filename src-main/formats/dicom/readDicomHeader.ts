/**
 * Reads what the importer needs to know of one MR or CT image: identity, geometry, acquisition and how its pixels are stored.
 *
 * Source: DICOM PS3.3 C.7.6.2 (Image Plane), C.7.6.3 (Image Pixel), C.8.2.1 (CT Image), C.8.3.1 (MR Image).
 * Conventions: mm in LPS; absent texts are ''. A header is only returned for an image whose pixels can be read here, so that
 * whoever holds one can go on. Limits: one frame, one sample per pixel, 8 or 16 bits, no Modality LUT Sequence.
 */
import { AppError } from '../../shared/appError.ts';
import type { Vector3 } from '../../shared/affine.ts';
import { createTextDecoder } from './characterSets.ts';
import { readAcquisition, type Acquisition } from './acquisition.ts';
import type { DataSet } from './dicomParser.ts';
import { readMrSequence, type MrSequence } from './mrSequence.ts';
import { guardParser, openDataSet, pixelDataTag, type OpenedDataSet } from './openDataSet.ts';
import type { PatientModule, SourceSeries, StudyModule } from './sourceSeries.ts';

/** How the pixels lie in the file and how stored values become HU or MR intensity. */
export interface PixelStorage {
  readonly dataOffset: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
  readonly rescaleSlope: number;
  readonly rescaleIntercept: number;
  /** Stored values from `first` to `last` are padding (PixelPaddingValue, PixelPaddingRangeLimit). */
  readonly padding?: { readonly first: number; readonly last: number };
}

export interface DicomHeader {
  /** The file, as given to the reader. */
  readonly name: string;
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
  readonly pixels: PixelStorage;
}

/**
 * Reads the header of the DICOM file in `bytes`; `name` is only for messages. Throws an AppError: NOT_DICOM,
 * DICOM_TRUNCATED, DICOM_UNSUPPORTED, DICOM_NO_IMAGE (no MR or CT image) or FILE_UNREADABLE.
 */
export function readDicomHeader(bytes: Uint8Array, name: string): DicomHeader {
  const opened = openDataSet(bytes, name);
  return guardParser(name, true, () => headerOf(opened, bytes, name));
}

function headerOf(
  { dataSet, transferSyntax, transferSyntaxUid }: OpenedDataSet,
  bytes: Uint8Array,
  name: string,
): DicomHeader {
  const decode = createTextDecoder(dataSet.string('x00080005') ?? '');
  const text = (tag: string): string => textOf(dataSet, tag, decode);
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });

  const modality = text('x00080060');
  if (modality !== 'MR' && modality !== 'CT') throw new AppError('DICOM_NO_IMAGE', { path: name });
  if ((dataSet.intString('x00280008') ?? 1) > 1 || dataSet.elements['x52009229']) {
    throw unsupported('it is a multi-frame image');
  }
  const orientation = numbersOf(dataSet, 'x00200037', 6);
  const position = numbersOf(dataSet, 'x00200032', 3);
  const pixelSpacing = numbersOf(dataSet, 'x00280030', 2);
  if (!orientation || !position || !isOrthonormal(orientation))
    throw unsupported('it does not say where it lies in the patient');
  if (!pixelSpacing || !(Math.min(...pixelSpacing) > 0)) throw unsupported('it has no pixel spacing');
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  if (rows * columns === 0) throw new AppError('VOLUME_EMPTY', { path: name });

  const sliceThicknessMm = positive(dataSet.floatString('x00180050'));
  const spacingBetweenSlicesMm = positive(dataSet.floatString('x00180088'));
  const mrSequence = readMrSequence(dataSet);
  return {
    name,
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
    imageType: text('x00080008')
      .split('\\')
      .map((value) => value.trim()),
    imagePositionPatient: position as [number, number, number],
    imageOrientationPatient: orientation as SourceSeries['imageOrientationPatient'],
    pixelSpacing: pixelSpacing as [number, number],
    ...(sliceThicknessMm === undefined ? {} : { sliceThicknessMm }),
    ...(spacingBetweenSlicesMm === undefined ? {} : { spacingBetweenSlicesMm }),
    rows,
    columns,
    acquisition: readAcquisition(dataSet),
    ...(mrSequence === undefined ? {} : { mrSequence }),
    pixels: readPixelStorage(dataSet, transferSyntax.bigEndian, rows * columns, bytes.length, name),
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

function readPixelStorage(
  dataSet: DataSet,
  bigEndian: boolean,
  pixelCount: number,
  fileLength: number,
  name: string,
): PixelStorage {
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  const samples = dataSet.uint16('x00280002') ?? 1;
  if (samples !== 1) throw unsupported(`it has ${samples} samples per pixel`);
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0;
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    throw unsupported(`it has ${bitsAllocated} bits per pixel`);
  if (dataSet.elements['x00283000']?.items?.length) throw unsupported('it has a Modality LUT');
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit < bitsStored - 1)
    throw unsupported('its bit layout is not valid');

  const element = dataSet.elements[pixelDataTag];
  if (!element) throw new AppError('DICOM_TRUNCATED', { path: name, reason: 'it has no pixel data' });
  if (element.hadUndefinedLength) throw unsupported('its pixel data are encapsulated');
  const swapped = bigEndian && (bitsAllocated === 16 || element.vr === 'OW');
  const needed = (pixelCount * bitsAllocated) / 8 + (swapped && bitsAllocated === 8 ? pixelCount % 2 : 0);
  const present = Math.min(element.length, fileLength - element.dataOffset);
  if (present < needed) {
    const reason = `${Math.max(present, 0)} of ${needed} bytes of pixel data are there`;
    throw new AppError('DICOM_TRUNCATED', { path: name, reason });
  }
  const signed = dataSet.uint16('x00280103') === 1;
  const stored = (tag: string): number | undefined => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const padding = stored('x00280120');
  const limit = stored('x00280121') ?? padding;
  const rescaleSlope = dataSet.floatString('x00281053') ?? 1;
  const rescaleIntercept = dataSet.floatString('x00281052') ?? 0;
  if (!Number.isFinite(rescaleIntercept) || !Number.isFinite(rescaleSlope) || rescaleSlope === 0) {
    throw unsupported('its rescale slope and intercept are not valid');
  }
  return {
    dataOffset: element.dataOffset,
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
    bigEndian: swapped,
    rescaleSlope,
    rescaleIntercept,
    ...(padding === undefined || limit === undefined
      ? {}
      : { padding: { first: Math.min(padding, limit), last: Math.max(padding, limit) } }),
  };
}

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
