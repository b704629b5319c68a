import type { CaseRecord } from './caseRecord.ts';

/** Whether MR and CT lie in one patient space, as their files say or because they were registered. */
export function isRegistered(record: CaseRecord): boolean {
  return record.registration !== undefined || sharesFrame(record);
}

/** False where the files tell that MR and CT do not share a patient space: two DICOM series must name the same frame of reference. */
export function sharesFrame({ mr, ct }: CaseRecord): boolean {
  if (mr?.source === undefined || ct?.source === undefined) return true;
  const frame = mr.source.frameOfReferenceUid;
  return frame !== '' && frame === ct.source.frameOfReferenceUid;
}
