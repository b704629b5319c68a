/**
 * Attributes shared by the image series written here: patient, study, image plane and pixels.
 *
 * Source: DICOM PS3.3 C.7.1.1, C.7.2.1, C.7.6.2, C.7.6.3. Conventions: the slices of a volume are written in the order of k;
 * pixels are 16 bits, signed or not as the array is.
 */
import { affineAxes, affineSpacing, applyAffine, type Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid, Volume } from '../../shared/volume.ts';
import { decimalString } from './decimalString.ts';
import type { Attributes } from './encodePart10.ts';
import type { PatientModule, StudyModule } from './sourceSeries.ts';

export interface EncodedInstance {
  /** A file name: the slices sort by it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sopInstanceUid: string;
}

/** Patient module; what is not known is written empty, as the standard asks of it. */
export function patientAttributes(patient: Partial<PatientModule>): Attributes {
  return {
    PatientName: patient.patientName ?? '',
    PatientID: patient.patientId ?? '',
    PatientBirthDate: patient.patientBirthDate ?? '',
    PatientSex: patient.patientSex ?? '',
    ...(patient.issuerOfPatientId ? { IssuerOfPatientID: patient.issuerOfPatientId } : {}),
    ...(patient.patientAge ? { PatientAge: patient.patientAge } : {}),
    ...(patient.patientWeight ? { PatientWeight: patient.patientWeight } : {}),
  };
}

/** General Study module. */
export function studyAttributes(
  study: Partial<StudyModule> & Pick<StudyModule, 'studyInstanceUid'>,
): Attributes {
  return {
    StudyInstanceUID: study.studyInstanceUid,
    StudyDate: study.studyDate ?? '',
    StudyTime: study.studyTime ?? '',
    StudyID: study.studyId ?? '',
    AccessionNumber: study.accessionNumber ?? '',
    ReferringPhysicianName: study.referringPhysicianName ?? '',
    ...(study.studyDescription ? { StudyDescription: study.studyDescription } : {}),
  };
}

/** Date and time the series, the content and the instance were made, in local time. */
export function creationAttributes(createdAt: Date): Attributes {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const date = `${createdAt.getFullYear()}${pad(createdAt.getMonth() + 1)}${pad(createdAt.getDate())}`;
  const time = `${pad(createdAt.getHours())}${pad(createdAt.getMinutes())}${pad(createdAt.getSeconds())}`;
  return {
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SeriesDate: date,
    SeriesTime: time,
    ContentDate: date,
    ContentTime: time,
  };
}

/** Image Plane module of slice `k`, and its instance number (from 1). Throws when rows and columns are not at right angles. */
export function planeAttributes(grid: Grid, k: number): Attributes {
  const [row, column] = affineAxes(grid.indexToLps);
  const [columnSpacing, rowSpacing] = affineSpacing(grid.indexToLps);
  if (Math.abs(dot(row, column)) > 1e-3) {
    const reason = 'rows and columns are not at right angles, which DICOM cannot say';
    throw new AppError('VOLUME_NOT_3D', { path: 'The volume', reason });
  }
  const normal = cross(row, column);
  const position = applyAffine(grid.indexToLps, [0, 0, k]);
  return {
    InstanceNumber: String(k + 1),
    ImagePositionPatient: position.map(exact),
    ImageOrientationPatient: [...row, ...column].map(exact),
    PixelSpacing: [rowSpacing, columnSpacing].map(decimalString),
    SliceThickness: sliceThickness(grid),
    SliceLocation: exact(dot(position, normal)),
  };
}

/** What matrix arithmetic leaves in the place of a zero is written as zero: some systems stumble over such exponents. */
const exact = (value: number): string => decimalString(Math.abs(value) < 1e-12 ? 0 : value);

/** Distance between neighbouring slice planes, mm, to the nanometre (positions say it exactly). */
export function sliceThickness({ indexToLps }: Grid): string {
  const [row, column] = affineAxes(indexToLps);
  const step: Vector3 = [indexToLps[2], indexToLps[6], indexToLps[10]];
  return decimalString(Number(Math.abs(dot(step, cross(row, column))).toFixed(6)));
}

/** Image Pixel module of slice `k`: values are written as they are. */
export function pixelAttributes({ grid, data }: Volume<Int16Array | Uint16Array>, k: number): Attributes {
  const [columns, rows] = grid.size;
  const slice = data.slice(k * rows * columns, (k + 1) * rows * columns);
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: data instanceof Int16Array ? 1 : 0,
    PixelData: toLittleEndian(slice),
  };
}

function toLittleEndian(values: Int16Array | Uint16Array): ArrayBuffer {
  const buffer = new ArrayBuffer(2 * values.length);
  const view = new DataView(buffer);
  values.forEach((value, at) => view.setUint16(2 * at, value & 0xffff, true));
  return buffer;
}

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
