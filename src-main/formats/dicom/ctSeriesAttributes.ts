/**
 * What every file of a synthetic CT series says alike: whose it is, which study and frame of reference it stands in, by which model it was
 * made. Made apart from the encoding, so that it can be shown before anything is written.
 *
 * Source: DICOM PS3.3 A.3 (CT Image IOD), C.8.2.1, C.7.6.1 and C.12.4 (derivation), C.12.1 (contributing equipment); code from PS3.16
 * CID 7005. CID 7203 has no code for image synthesis, so that one is of our own scheme 99ILIUM, as the standard provides for.
 */
import type { Volume } from '../../shared/volume.ts';
import { codeItem } from './codeItem.ts';
import { createDicomUid } from './dicomUid.ts';
import type { Attributes } from './encodePart10.ts';
import { creationAttributes, patientAttributes, studyAttributes } from './imageAttributes.ts';
import { ctImageStorage } from './sopClasses.ts';
import type { PatientModule, SourceSeries } from './sourceSeries.ts';

export interface DerivedCt {
  /** HU on its own grid, in the patient space of the source. */
  readonly volume: Volume;
  /** The MR it was made from; absent when that was no DICOM, and then study and frame of reference are new. */
  readonly source?: SourceSeries;
  /** Identity to write when there is no `source`. */
  readonly patient?: Partial<PatientModule>;
  readonly model: ModelIdentity;
  /** What the domain gate said, and why someone went on where it stopped. */
  readonly gate?: { readonly verdict: string; readonly override: string | null };
  /** How the volume was resampled, in one English sentence; absent on the grid of the MR. */
  readonly resampling?: string;
  readonly seriesDescription?: string;
  readonly seriesNumber?: number;
  readonly createdAt?: Date;
  /** Makes UIDs; pass a seeded one where files must come out the same again. */
  readonly createUid?: () => string;
  /** UIDs made beforehand by `ctSeriesUids`, so that they could be shown before anything is written. */
  readonly uids?: CtSeriesUids;
}

export interface CtSeriesUids {
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly seriesInstanceUid: string;
  /** One per slice, in the order of k. */
  readonly sopInstanceUids: readonly string[];
}

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** Hash of the weights, in hexadecimal. */
  readonly weightHash: string;
}

const notForClinicalUse = 'sCT (Ilium) - not for clinical use';
/** A number out of the way of what scanners use; source series number plus this. */
const seriesNumberOffset = 9000;

/** UIDs for a series of `slices` files: those of the source kept, all others new. */
export function ctSeriesUids(
  source: SourceSeries | undefined,
  slices: number,
  createUid: () => string = createDicomUid,
): CtSeriesUids {
  return {
    seriesInstanceUid: createUid(),
    frameOfReferenceUid: source?.frameOfReferenceUid || createUid(),
    studyInstanceUid: source?.study.studyInstanceUid || createUid(),
    sopInstanceUids: Array.from({ length: slices }, () => createUid()),
  };
}

/** The attributes that all files of the series share. */
export function ctSeriesAttributes(derived: Omit<DerivedCt, 'volume'>, uids: CtSeriesUids): Attributes {
  const { source, model } = derived;
  return {
    SOPClassUID: ctImageStorage,
    Modality: 'CT',
    ImageType: ['DERIVED', 'SECONDARY', 'AXIAL'],
    Manufacturer: 'Ilium',
    ManufacturerModelName: clip(model.name, 64),
    SoftwareVersions: clip(model.version, 64),
    SeriesInstanceUID: uids.seriesInstanceUid,
    SeriesNumber: String(derived.seriesNumber ?? numberBeside(source?.seriesNumber)),
    SeriesDescription: clip(derived.seriesDescription ?? notForClinicalUse, 64),
    BodyPartExamined: 'PELVIS',
    PatientPosition: source?.patientPosition ?? '',
    FrameOfReferenceUID: uids.frameOfReferenceUid,
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
    ...studyAttributes({ ...source?.study, studyInstanceUid: uids.studyInstanceUid }),
    ...creationAttributes(derived.createdAt ?? new Date()),
    ...derivationAttributes(derived),
  };
}

/** That the MR itself was resampled before anything was computed from it. */
function evenedSentence(
  { smallestMm, largestMm }: NonNullable<SourceSeries['evened']>,
  stepMm: number,
): string {
  return `The MR's slices were ${smallestMm.toFixed(2)} to ${largestMm.toFixed(2)} mm apart and were resampled (linear) to steps of ${stepMm.toFixed(2)} mm.`;
}

/** What was done, for people (Derivation Description, ST of 1024 characters) and for machines. */
function derivationAttributes({ model, gate, resampling, source }: Omit<DerivedCt, 'volume'>): Attributes {
  const { name, version, weightHash } = model;
  const overridden = gate && gate.override !== null ? `Domain gate overridden: ${gate.override}` : undefined;
  const description = [
    `Synthetic CT computed from MR by the neural network ${name} ${version}, weights ${weightHash}. Not a measurement; not for clinical use.`,
    ...(gate ? [`Domain gate: ${gate.verdict}.`] : []),
    ...(source?.evened ? [evenedSentence(source.evened, source.spacingMm[2])] : []),
    ...(resampling === undefined ? [] : [resampling]),
    ...(overridden === undefined ? [] : [overridden]),
  ].join(' ');
  return {
    DerivationDescription: clip(description, 1024),
    ...(overridden === undefined ? {} : { ImageComments: clip(overridden, 1024) }),
    DerivationCodeSequence: [codeItem('SCT', '99ILIUM', 'Synthetic CT from MR by neural network')],
    ContributingEquipmentSequence: [
      {
        PurposeOfReferenceCodeSequence: [codeItem('109102', 'DCM', 'Processing Equipment')],
        Manufacturer: 'Ilium',
        ManufacturerModelName: clip(name, 64),
        SoftwareVersions: clip(version, 64),
        ContributionDescription: clip(`MR to CT synthesis, weights ${weightHash}`, 1024),
      },
    ],
  };
}

const numberBeside = (seriesNumber = ''): number => {
  const number = Number.parseInt(seriesNumber);
  return seriesNumberOffset + (Number.isFinite(number) ? number : 1);
};

/** At most `length` characters in one line, without the backslash that would separate values. */
const clip = (text: string, length: number): string =>
  text.replaceAll('\\', '/').replaceAll(/\s+/g, ' ').slice(0, length);
