import { comparableName, mayBeSame } from './personName.ts';
import type { PatientModule } from './sourceSeries.ts';

/**
 * Whether images may be of one patient: one id may be given twice, so that the name and the birth date count too, where both say them. Not
 * transitive: of images that say less than others, compare those that say most first.
 */
export function samePatient(a: PatientModule, b: PatientModule): boolean {
  return (
    a.patientId === b.patientId &&
    mayBeSame(comparableName(a.patientName), comparableName(b.patientName)) &&
    mayBeSame(a.patientBirthDate, b.patientBirthDate)
  );
}
