/** What is odd about the MR and the CT of a case together: whether they lie in one space, on one grid and are of one patient. */
import { comparableName, mayBeSame } from '../../formats/dicom/personName.ts';
import type { PatientModule } from '../../formats/dicom/sourceSeries.ts';
import type { Finding } from '../../shared/finding.ts';
import { sameGrid, type Grid } from '../../shared/volume.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { isRegistered } from '../workspace/isRegistered.ts';

/** Nothing for a case with one image; grids are given as far as they are known. */
export function pairFindings(
  record: CaseRecord,
  grids: Readonly<Partial<Record<'mr' | 'ct', Grid>>>,
): Finding[] {
  const findings: Finding[] = [];
  const note = (code: string, severity: Finding['severity'], details: Finding['details'] = {}): void => {
    findings.push({ code, severity, subject: record.caseId, details });
  };
  const [mr, ct] = [record.mr?.source?.patient, record.ct?.source?.patient];
  if (mr && ct) {
    const what = differences(mr, ct).join(', ');
    if (what !== '') note('pair-patients-differ', 'warning', { what });
    if (mr.patientId === '' || ct.patientId === '') note('pair-patient-unknown', 'warning');
  }
  if (grids.mr && grids.ct && !sameGrid(grids.mr, grids.ct)) note('ct-other-grid', 'info');
  if (!isRegistered(record)) note('ct-not-registered', 'warning');
  return findings;
}

const compared = { patientName: 'name', patientBirthDate: 'birth date', patientSex: 'sex' } as const;

/** In what the two are said to be different people; what one of them does not say is no difference. */
function differences(a: PatientModule, b: PatientModule): string[] {
  return Object.entries(compared).flatMap(([field, name]) => {
    const key = field as keyof typeof compared;
    return mayBeSame(comparableName(a[key]), comparableName(b[key])) ? [] : [name];
  });
}
