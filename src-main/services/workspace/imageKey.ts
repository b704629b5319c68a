/** Which image a thing was made from or compared with, without identity: a digest that changes when voxels, series or place change. */
import { createHash } from 'node:crypto';
import type { CaseRecord } from './caseRecord.ts';

/** Of a case's MR or CT as it lies now; undefined for records of before hashes were kept, and without the image. */
export function imageKey(record: CaseRecord, name: 'mr' | 'ct'): string | undefined {
  const image = record[name];
  if (image?.hash === undefined) return undefined;
  const { seriesInstanceUid = '', frameOfReferenceUid = '' } = image.source ?? {};
  const place = name === 'ct' ? (record.registration?.id ?? '') : '';
  return createHash('sha256')
    .update([image.hash, seriesInstanceUid, frameOfReferenceUid, place].join('\n'))
    .digest('hex');
}

/** Whether `kept` names another image than the case has now; false where that cannot be told. */
export function isOtherImage(kept: string | undefined, record: CaseRecord, name: 'mr' | 'ct'): boolean {
  const key = imageKey(record, name);
  return kept !== undefined && key !== undefined && kept !== key;
}
