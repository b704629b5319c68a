import type { Finding } from '../../shared/finding.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { drawnOn, type StructureSetRecord } from './structureSetRecord.ts';

/** Why a set that has no place among the case's images is not shown. */
export function hiddenFinding(set: StructureSetRecord, record: CaseRecord): Finding {
  const isOnCt =
    drawnOn(set, record) === 'ct' && set.frameOfReferenceUid === record.ct?.source?.frameOfReferenceUid;
  return {
    code: isOnCt ? 'structures-on-ct' : 'structures-not-shown',
    severity: 'warning',
    subject: record.caseId,
    details: {},
  };
}
