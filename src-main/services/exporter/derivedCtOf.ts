import type { CtSeriesUids, DerivedCt } from '../../formats/dicom/ctSeriesAttributes.ts';
import type { SctRecord } from '../library/sctRecord.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';

interface SeriesChoices {
  readonly uids?: CtSeriesUids;
  readonly createdAt: string;
  readonly seriesDescription?: string;
}

/** A case's sCT as a series to write: beside its MR where that was DICOM, else with the case's label as PatientID. */
export function derivedCtOf(
  { label, mr }: CaseRecord,
  { model, gate }: SctRecord,
  { uids, createdAt, seriesDescription }: SeriesChoices,
): Omit<DerivedCt, 'volume'> {
  return {
    model,
    ...(gate ? { gate } : {}),
    createdAt: new Date(createdAt),
    ...(mr?.source ? { source: mr.source } : { patient: { patientId: label } }),
    ...(uids ? { uids } : {}),
    ...(seriesDescription === undefined ? {} : { seriesDescription }),
  };
}
