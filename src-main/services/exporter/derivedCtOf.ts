import type { CtSeriesUids, DerivedCt } from '../../formats/dicom/ctSeriesAttributes.ts';
import type { SctRecord } from '../library/sctRecord.ts';
import { AppError } from '../../shared/appError.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { isOtherImage } from '../workspace/imageKey.ts';

interface SeriesChoices {
  readonly uids?: CtSeriesUids;
  readonly createdAt: string;
  readonly seriesDescription?: string;
}

/**
 * A case's sCT as a series to write: beside its MR where that was DICOM, else with the case's label as PatientID. Throws
 * SCT_OF_OTHER_MR: identity and place are the MR's, and must not be those of an MR that took its place.
 */
export function derivedCtOf(
  record: CaseRecord,
  { sctId, model, gate, madeFrom }: SctRecord,
  { uids, createdAt, seriesDescription }: SeriesChoices,
): Omit<DerivedCt, 'volume'> {
  const { caseId, label, mr } = record;
  if (isOtherImage(madeFrom, record, 'mr'))
    throw new AppError('SCT_OF_OTHER_MR', { case: caseId, sct: sctId });
  return {
    model,
    ...(gate ? { gate } : {}),
    createdAt: new Date(createdAt),
    ...(mr?.source ? { source: mr.source } : { patient: { patientId: label } }),
    ...(uids ? { uids } : {}),
    ...(seriesDescription === undefined ? {} : { seriesDescription }),
  };
}
