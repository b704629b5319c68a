/** DICOM JSON answers of QIDO-RS and STOW-RS. Source: DICOM PS3.18 annex F (model), section 10.6 (search), 10.5 (store). */
import { z } from 'zod';
import type { PacsSeries, PacsStudy } from '../../../api/contract/network.ts';
import { isoDate } from '../dicomDates.ts';

const element = z.object({ Value: z.array(z.unknown()).optional() }).loose();
export const dicomJsonSchema = z.record(z.string(), element);
type DicomJson = z.infer<typeof dicomJsonSchema>;

export function studyOfJson(found: DicomJson): PacsStudy {
  return {
    studyInstanceUid: text(found, '0020000D'),
    patientName: text(found, '00100010'),
    patientId: text(found, '00100020'),
    studyDate: isoDate(text(found, '00080020')),
    description: text(found, '00081030'),
    accessionNumber: text(found, '00080050'),
    modalities: texts(found, '00080061'),
    series: count(found, '00201206'),
    instances: count(found, '00201208'),
  };
}

export function seriesOfJson(found: DicomJson, studyInstanceUid: string): PacsSeries {
  return {
    studyInstanceUid,
    seriesInstanceUid: text(found, '0020000E'),
    modality: text(found, '00080060'),
    number: text(found, '00200011'),
    description: text(found, '0008103E'),
    instances: count(found, '00201209'),
  };
}

/** What a store answer says of the instances it was sent (Store Instances Response Module, PS3.18 table I.1-1). */
export interface StoreAnswer {
  /** SOP Instance UIDs that are kept (Referenced SOP Sequence), with or without a warning. */
  readonly kept: ReadonlySet<string>;
  /** How many are not (Failed SOP Sequence). */
  readonly failures: number;
  /** The first Failure Reason that is given. */
  readonly failureReason: number | null;
}

/** Reads a store answer, also one that is wrapped in a list; what is no DICOM JSON acknowledges nothing. */
export function storeAnswerOf(answer: unknown): StoreAnswer {
  const parsed = z.array(dicomJsonSchema).safeParse(Array.isArray(answer) ? answer : [answer]);
  const items = (tag: string): DicomJson[] =>
    (parsed.data ?? [])
      .flatMap((one) => one[tag]?.Value ?? [])
      .map((item) => dicomJsonSchema.safeParse(item).data ?? {});
  const failed = items('00081198');
  return {
    kept: new Set(items('00081199').map((item) => text(item, '00081155'))),
    failures: failed.length,
    failureReason: failed.map((item) => count(item, '00081197')).find((reason) => reason !== null) ?? null,
  };
}

function texts(found: DicomJson, tag: string): string[] {
  return (found[tag]?.Value ?? []).flatMap((value) => {
    if (typeof value === 'string' || typeof value === 'number') return [String(value).trim()];
    const name = z.object({ Alphabetic: z.string() }).safeParse(value);
    return name.success ? [name.data.Alphabetic] : [];
  });
}

const text = (found: DicomJson, tag: string): string => texts(found, tag)[0] ?? '';

function count(found: DicomJson, tag: string): number | null {
  const number = Number(text(found, tag) || NaN);
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}
