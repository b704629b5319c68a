/** What an export would write, attribute by attribute, before anything is written: a person reads it and then says yes. */
import type { ExportPlan } from '../../api/contract/exports.ts';
import {
  ctSeriesAttributes,
  type CtSeriesUids,
  type DerivedCt,
} from '../../formats/dicom/ctSeriesAttributes.ts';
import { dicomTag } from '../../formats/dicom/dicomTag.ts';
import type { Attributes } from '../../formats/dicom/encodePart10.ts';

type Identifier = ExportPlan['identifiers'][number];
type Origin = Identifier['origin'];

/** Identity first, then the study, the series, the images, and how they were made; attributes that are not named here follow. */
const order: Readonly<Record<string, Origin>> = {
  PatientName: 'kept',
  PatientID: 'kept',
  IssuerOfPatientID: 'kept',
  PatientBirthDate: 'kept',
  PatientSex: 'kept',
  PatientAge: 'kept',
  PatientWeight: 'kept',
  StudyInstanceUID: 'kept',
  StudyID: 'kept',
  StudyDate: 'kept',
  StudyTime: 'kept',
  StudyDescription: 'kept',
  AccessionNumber: 'kept',
  ReferringPhysicianName: 'kept',
  FrameOfReferenceUID: 'kept',
  PositionReferenceIndicator: 'kept',
  PatientPosition: 'kept',
  SeriesInstanceUID: 'new',
  SeriesNumber: 'new',
  SeriesDescription: 'new',
  SeriesDate: 'new',
  SeriesTime: 'new',
  SOPClassUID: 'fixed',
  SOPInstanceUID: 'new',
  Modality: 'fixed',
  ImageType: 'fixed',
  Manufacturer: 'fixed',
  ManufacturerModelName: 'new',
  SoftwareVersions: 'new',
  DerivationDescription: 'new',
  ImageComments: 'new',
  InstanceCreationDate: 'new',
  InstanceCreationTime: 'new',
  ContentDate: 'new',
  ContentTime: 'new',
};

/** What stands in the study's and patient's place when the MR was no DICOM: made now, or empty by the standard's leave. */
const withoutSource = (value: string): Origin => (value === '' ? 'fixed' : 'new');

/** Every identifier of the series in the order of the dialog. `derived` and `uids` are what is written afterwards. */
export function planIdentifiers(derived: Omit<DerivedCt, 'volume'>, uids: CtSeriesUids): Identifier[] {
  const values = new Map(
    Object.entries(ctSeriesAttributes(derived, uids)).flatMap(([keyword, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[keyword, text] as const];
    }),
  );
  values.set('SOPInstanceUID', firstAndLast(uids.sopInstanceUids));
  const named = Object.keys(order).filter((keyword) => values.has(keyword));
  const rest = [...values.keys()].filter((keyword) => !(keyword in order));
  const identifiers = [...named, ...rest].map((keyword): Identifier => {
    const value = values.get(keyword) ?? '';
    const origin = order[keyword] ?? 'fixed';
    return {
      keyword,
      tag: dicomTag(keyword),
      value,
      origin: origin === 'kept' && !derived.source ? withoutSource(value) : origin,
    };
  });
  return [...identifiers, ...sourceReference(derived)];
}

/** Every image names the MR image it was made from. */
function sourceReference({ source }: Omit<DerivedCt, 'volume'>): Identifier[] {
  const first = source?.slices[0]?.sopInstanceUid;
  if (!source || !first) return [];
  const value = firstAndLast(source.slices.map(({ sopInstanceUid }) => sopInstanceUid));
  return [
    {
      keyword: 'ReferencedSOPInstanceUID',
      tag: dicomTag('ReferencedSOPInstanceUID'),
      value,
      origin: 'kept',
    },
  ];
}

function firstAndLast(uids: readonly string[]): string {
  const [first = ''] = uids;
  return uids.length > 1 ? `${first} … ${uids.at(-1) ?? ''} (${uids.length})` : first;
}

/** Values as DICOM writes them, several separated by a backslash; undefined for sequences and binary values. */
function textOf(value: Attributes[string]): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value instanceof ArrayBuffer) return undefined;
  const texts = value.flatMap((item) => (typeof item === 'object' ? [] : [String(item)]));
  return texts.length === value.length ? texts.join('\\') : undefined;
}
