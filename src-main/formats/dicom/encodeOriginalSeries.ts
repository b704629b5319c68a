/**
 * Writes a volume as a plain MR or CT image series, one file per slice: how phantoms become DICOM.
 *
 * Source: DICOM PS3.3 A.3 (CT Image IOD), A.4 (MR Image IOD). Values are written as they are (rescale slope 1, intercept 0).
 * Such data never came from a scanner: Manufacturer and Image Comments say so, and acquisition parameters stay empty. (The
 * attribute Synthetic Data (0008,001C) of 2023 would fit, but validators and archives of before call it an error.)
 */
import type { Volume } from '../../shared/volume.ts';
import { createDicomUid } from './dicomUid.ts';
import { encodePart10, type Attributes } from './encodePart10.ts';
import {
  creationAttributes,
  patientAttributes,
  pixelAttributes,
  planeAttributes,
  sliceThickness,
  studyAttributes,
  type EncodedInstance,
} from './imageAttributes.ts';
import { ctImageStorage, mrImageStorage } from './sopClasses.ts';
import type { PatientModule, StudyModule } from './sourceSeries.ts';

export interface OriginalSeries {
  /** HU for CT, intensity for MR. */
  readonly volume: Volume<Int16Array | Uint16Array>;
  readonly modality: 'MR' | 'CT';
  readonly patient: Partial<PatientModule>;
  readonly study: Partial<StudyModule> & Pick<StudyModule, 'studyInstanceUid'>;
  /** The same for an MR and a CT that share one patient space. */
  readonly frameOfReferenceUid: string;
  readonly seriesInstanceUid?: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  readonly bodyPartExamined?: string;
  readonly patientPosition?: string;
  readonly createdAt?: Date;
  /** Makes instance UIDs; pass a seeded one where files must come out the same again. */
  readonly createUid?: () => string;
}

/** One encoded file per slice, in the order of k. */
export function encodeOriginalSeries(series: OriginalSeries): EncodedInstance[] {
  const { volume, modality, createUid = createDicomUid } = series;
  const seriesInstanceUid = series.seriesInstanceUid ?? createUid();
  const common: Attributes = {
    SOPClassUID: modality === 'MR' ? mrImageStorage : ctImageStorage,
    Modality: modality,
    Manufacturer: 'Ilium',
    ImageComments: 'Computed phantom, not a patient',
    SeriesInstanceUID: seriesInstanceUid,
    SeriesNumber: String(series.seriesNumber),
    SeriesDescription: series.seriesDescription,
    BodyPartExamined: series.bodyPartExamined ?? 'PELVIS',
    PatientPosition: series.patientPosition ?? 'HFS',
    FrameOfReferenceUID: series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    AcquisitionNumber: '1',
    ...patientAttributes(series.patient),
    ...studyAttributes(series.study),
    ...creationAttributes(series.createdAt ?? new Date()),
    ...(modality === 'MR' ? mrAttributes(volume) : ctAttributes),
  };
  return Array.from({ length: volume.grid.size[2] }, (_, k) => {
    const sopInstanceUid = createUid();
    const attributes = {
      ...common,
      SOPInstanceUID: sopInstanceUid,
      ...planeAttributes(volume.grid, k),
      ...pixelAttributes(volume, k),
    };
    return { name: sliceFileName(modality, k), bytes: encodePart10(attributes), sopInstanceUid };
  });
}

const ctAttributes: Attributes = {
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  RescaleIntercept: '0',
  RescaleSlope: '1',
  RescaleType: 'HU',
  KVP: '',
};

const mrAttributes = ({ grid }: Volume): Attributes => ({
  ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
  ScanningSequence: 'SE',
  SequenceVariant: 'NONE',
  ScanOptions: '',
  MRAcquisitionType: '2D',
  RepetitionTime: '',
  EchoTime: '',
  EchoTrainLength: '',
  SpacingBetweenSlices: sliceThickness(grid),
});

const sliceFileName = (modality: string, k: number): string =>
  `${modality}_${String(k + 1).padStart(4, '0')}.dcm`;
