import type { PatientModule } from './sourceSeries.ts';

/** Whether images say that they are of one patient: one id may be given twice, so that the name and the birth date count too. */
export function samePatient(a: PatientModule, b: PatientModule): boolean {
  return (
    a.patientId === b.patientId &&
    a.patientName === b.patientName &&
    a.patientBirthDate === b.patientBirthDate
  );
}
