/**
 * Writes a synthetic CT as a CT image series that stands beside its source MR: same patient, study and frame of reference, own
 * series and instances, and on every slice what it was made from and by which model.
 *
 * Source: DICOM PS3.3 A.3 (CT Image IOD), C.8.2.1 (CT Image), C.7.6.1 and C.12.4 (derivation, source images), C.12.1
 * (contributing equipment); codes from PS3.16 CID 7202 and CID 7005. CID 7203 has no code for image synthesis, so that one is
 * of our own scheme 99ILIUM, as the standard provides for. Conventions: HU are rounded to integers and stored as signed
 * 16-bit with slope 1 and intercept 0, so that the stored value is the HU whatever a reader does with the rescale.
 */
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import { createDicomUid } from './dicomUid.ts';
import { encodePart10, type Attributes } from './encodePart10.ts';
import {
  creationAttributes,
  patientAttributes,
  pixelAttributes,
  planeAttributes,
  studyAttributes,
  type EncodedInstance,
} from './imageAttributes.ts';
import { matchSourceSlices } from './matchSourceSlices.ts';
import { roundHu } from './roundHu.ts';
import { ctImageStorage } from './sopClasses.ts';
import type { PatientModule, SourceSlice, SourceSeries } from './sourceSeries.ts';

export interface DerivedCt {
  /** HU on its own grid, in the patient space of the source. */
  readonly volume: Volume;
  /** The MR it was made from; absent when that was no DICOM, and then study and frame of reference are new. */
  readonly source?: SourceSeries;
  /** Identity to write when there is no `source`. */
  readonly patient?: Partial<PatientModule>;
  readonly model: ModelIdentity;
  readonly seriesDescription?: string;
  readonly seriesNumber?: number;
  readonly createdAt?: Date;
  /** Makes UIDs; pass a seeded one where files must come out the same again. */
  readonly createUid?: () => string;
}

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** Hash of the weights, in hexadecimal. */
  readonly weightHash: string;
}

export interface EncodedCtSeries {
  readonly seriesInstanceUid: string;
  /** One per slice, in the order of k. */
  readonly instances: readonly EncodedInstance[];
  /** The HU as written. */
  readonly written: Volume<Int16Array>;
  readonly findings: readonly Finding[];
}

const notForClinicalUse = 'sCT (Ilium) - not for clinical use';
/** A number out of the way of what scanners use; source series number plus this. */
const seriesNumberOffset = 9000;

/** Encodes the series. Throws VOLUME_NOT_FINITE for HU that are no numbers, VOLUME_NOT_3D for a grid DICOM cannot express. */
export function encodeCtSeries(derived: DerivedCt): EncodedCtSeries {
  const { volume, source, model, createUid = createDicomUid } = derived;
  const { hu, findings } = roundHu(volume);
  const seriesInstanceUid = createUid();
  const common: Attributes = {
    SOPClassUID: ctImageStorage,
    Modality: 'CT',
    ImageType: ['DERIVED', 'SECONDARY', 'AXIAL'],
    Manufacturer: 'Ilium',
    ManufacturerModelName: clip(model.name, 64),
    SoftwareVersions: clip(model.version, 64),
    SeriesInstanceUID: seriesInstanceUid,
    SeriesNumber: String(derived.seriesNumber ?? numberBeside(source?.seriesNumber)),
    SeriesDescription: clip(derived.seriesDescription ?? notForClinicalUse, 64),
    BodyPartExamined: 'PELVIS',
    PatientPosition: source?.patientPosition ?? '',
    FrameOfReferenceUID: source?.frameOfReferenceUid || createUid(),
    PositionReferenceIndicator: source?.positionReferenceIndicator ?? '',
    AcquisitionNumber: '',
    KVP: '',
    RescaleIntercept: '0',
    RescaleSlope: '1',
    RescaleType: 'HU',
    WindowCenter: '40',
    WindowWidth: '400',
    BurnedInAnnotation: 'NO',
    ...patientAttributes(source?.patient ?? derived.patient ?? {}),
    ...studyAttributes({ ...source?.study, studyInstanceUid: source?.study.studyInstanceUid || createUid() }),
    ...creationAttributes(derived.createdAt ?? new Date()),
    ...derivationAttributes(model),
  };
  const sourceSlices = source ? matchSourceSlices(hu.grid, source) : undefined;
  const instances = Array.from({ length: hu.grid.size[2] }, (_, k): EncodedInstance => {
    const sopInstanceUid = createUid();
    const attributes = {
      ...common,
      ...(sourceSlices ? sourceAttributes(sourceSlices.slices[k], sourceSlices.sameGrid) : {}),
      SOPInstanceUID: sopInstanceUid,
      ...planeAttributes(hu.grid, k),
      ...pixelAttributes(hu, k),
    };
    return {
      name: `CT_${String(k + 1).padStart(4, '0')}.dcm`,
      bytes: encodePart10(attributes),
      sopInstanceUid,
    };
  });
  return { seriesInstanceUid, instances, written: hu, findings };
}

/** What was done, for people (Derivation Description, ST of 1024 characters) and for machines. */
function derivationAttributes({ name, version, weightHash }: ModelIdentity): Attributes {
  const description = `Synthetic CT computed from MR by the neural network ${name} ${version}, weights ${weightHash}. Not a measurement; not for clinical use.`;
  return {
    DerivationDescription: clip(description, 1024),
    DerivationCodeSequence: [code('SCT', '99ILIUM', 'Synthetic CT from MR by neural network')],
    ContributingEquipmentSequence: [
      {
        PurposeOfReferenceCodeSequence: [code('109102', 'DCM', 'Processing Equipment')],
        Manufacturer: 'Ilium',
        ManufacturerModelName: clip(name, 64),
        SoftwareVersions: clip(version, 64),
        ContributionDescription: clip(`MR to CT synthesis, weights ${weightHash}`, 1024),
      },
    ],
  };
}

function sourceAttributes(slice: SourceSlice | undefined, sameGrid: boolean): Attributes {
  if (!slice?.sopInstanceUid || !slice.sopClassUid) return {};
  const reference: Attributes = {
    ReferencedSOPClassUID: slice.sopClassUid,
    ReferencedSOPInstanceUID: slice.sopInstanceUid,
    PurposeOfReferenceCodeSequence: [code('121322', 'DCM', 'Source image for image processing operation')],
    ...(sameGrid ? { SpatialLocationsPreserved: 'YES' } : {}),
  };
  return { SourceImageSequence: [reference] };
}

const code = (value: string, scheme: string, meaning: string): Attributes => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

const numberBeside = (seriesNumber = ''): number => {
  const number = Number.parseInt(seriesNumber);
  return seriesNumberOffset + (Number.isFinite(number) ? number : 1);
};

/** At most `length` characters, without the backslash that would separate values. */
const clip = (text: string, length: number): string => text.replaceAll('\\', '/').slice(0, length);
