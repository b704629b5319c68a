import type { RegistrationBody } from '../../api/contract/cases.ts';
import { placementOf, type RegistrationRecord } from './registrationRecord.ts';

/** A registration as the window sees it. */
export function registrationBody(record: RegistrationRecord): RegistrationBody {
  const { registrationId, createdAt, origin, fixed, start, quality } = record;
  const { mutualInformation, bodyOverlap, coverage, turnDegrees, shiftMm } = quality;
  return {
    registrationId,
    createdAt,
    origin,
    fixed,
    startedFrom: start.how,
    ctToMr: placementOf(record),
    mutualInformation,
    bodyOverlap,
    coverage,
    turnDegrees,
    shiftMm,
  };
}
