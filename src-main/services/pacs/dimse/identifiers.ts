/** C-FIND identifiers: what is asked, and what is found, by dcmjs's keywords. Source: DICOM PS3.4 tables C.6-1 to C.6-3. */
import type { PacsQuery, PacsSeries, PacsStudy } from '../../../api/contract/network.ts';
import { dateRange, isoDate } from '../dicomDates.ts';

export type Identifier = Readonly<Record<string, unknown>>;

/** The keys to match; those that are only to be returned are added by the library. */
export function studyIdentifier(query: PacsQuery): Identifier {
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: query.patientName ?? '',
    PatientID: query.patientId ?? '',
    AccessionNumber: query.accessionNumber ?? '',
    ModalitiesInStudy: query.modality ?? '',
    StudyDate: dateRange(query),
  };
}

export function studyOf(found: Identifier): PacsStudy {
  return {
    studyInstanceUid: text(found['StudyInstanceUID']),
    patientName: text(found['PatientName']),
    patientId: text(found['PatientID']),
    studyDate: isoDate(text(found['StudyDate'])),
    description: text(found['StudyDescription']),
    accessionNumber: text(found['AccessionNumber']),
    modalities: texts(found['ModalitiesInStudy']),
    series: count(found['NumberOfStudyRelatedSeries']),
    instances: count(found['NumberOfStudyRelatedInstances']),
  };
}

/** Nodes may leave the study out, which was asked for by its UID. */
export function seriesOf(found: Identifier, studyInstanceUid: string): PacsSeries {
  return {
    studyInstanceUid: text(found['StudyInstanceUID']) || studyInstanceUid,
    seriesInstanceUid: text(found['SeriesInstanceUID']),
    modality: text(found['Modality']),
    number: text(found['SeriesNumber']),
    description: text(found['SeriesDescription']),
    instances: count(found['NumberOfSeriesRelatedInstances']),
  };
}

/** Values come as text, number, a list of them, or a name in its representations. */
function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value)
      .split('\\')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  if (typeof value === 'object' && value !== null && 'Alphabetic' in value) return texts(value.Alphabetic);
  return [];
}

const text = (value: unknown): string => texts(value)[0] ?? '';

function count(value: unknown): number | null {
  const number = Number(text(value) || NaN);
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}
