import { describe, expect, it } from 'vitest';
import { caseFindings } from '../../../../src-main/services/library/caseFindings.ts';
import { imageSummary, orientationOf } from '../../../../src-main/services/library/imageSummary.ts';
import type { PatientModule, SourceSeries } from '../../../../src-main/formats/dicom/sourceSeries.ts';
import { caseRecordSchema, type CaseRecord } from '../../../../src-main/services/workspace/caseRecord.ts';
import type { Finding } from '../../../../src-main/shared/finding.ts';
import { affineFromAxes, type Affine, type Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';

const axes: readonly [Vector3, Vector3, Vector3] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
const radians = Math.PI / 180;

/** Slices turned about the patient's left-right axis. */
function turned(degrees: number, spacing: Vector3 = [1, 1, 3], size: Vector3 = [4, 4, 4]): Grid {
  const [c, s] = [Math.cos(degrees * radians), Math.sin(degrees * radians)];
  return { size, indexToLps: affineFromAxes([0, 0, 0], spacing, [[1, 0, 0], [0, c, s], [0, -s, c]]) }; // prettier-ignore
}
const record = (caseId = 'case-1'): CaseRecord => ({
  schemaVersion: 1,
  caseId,
  label: caseId,
  importedAt: '2026-01-02T03:04:05.000Z',
  mr: { file: 'mr.nii', kind: 'nifti', name: 'T2 axial' },
});
const codes = (mr: Grid): string[] => caseFindings(record(), { mr }).map(({ code }) => code);

describe('an image in a list', () => {
  it('says how large it is and how it lies', () => {
    expect(imageSummary('T2', turned(12.34))).toMatchObject({
      name: 'T2',
      size: [4, 4, 4],
      spacingMm: [expect.closeTo(1, 9), expect.closeTo(1, 9), expect.closeTo(3, 9)],
      orientation: 'axial',
      obliqueDegrees: 12.3,
    });
  });

  it.each([
    ['axial', axes],
    ['sagittal', [axes[1], axes[2], axes[0]]],
    ['coronal', [axes[0], axes[2], axes[1]]],
  ] as const)('is named after the plane of its slices: %s', (orientation, [i, j, k]) => {
    const grid: Grid = { size: [2, 2, 2], indexToLps: affineFromAxes([0, 0, 0], [1, 1, 1], [i, j, k]) };
    expect(orientationOf(grid)).toEqual({ orientation, obliqueDegrees: 0 });
  });
});

describe('the findings of a case', () => {
  it('are none for plain images', () => {
    expect(codes(turned(0))).toEqual([]);
  });

  it('tell of oblique, thick, single and tilted slices', () => {
    expect(codes(turned(3))).toEqual(['series-oblique']);
    expect(codes(turned(0.4))).toEqual([]);
    expect(codes(turned(0, [1, 1, 6]))).toEqual(['slices-far-apart']);
    expect(codes(turned(0, [1, 1, 3], [4, 4, 1]))).toEqual(['series-single-slice']);
    const sheared: Affine = [1, 0, 0, 0, 0, 1, 0.3, 0, 0, 0, 3, 0];
    expect(codes({ size: [4, 4, 4], indexToLps: sheared })).toEqual(['series-tilted']);
  });

  it('tell of a CT on another grid', () => {
    const both = { ...record(), ct: { file: 'ct.nii', kind: 'nifti', name: 'CT' } as const };
    const found = caseFindings(both, { mr: turned(0), ct: turned(0, [1, 1, 2]) });
    expect(found).toEqual([{ code: 'ct-other-grid', severity: 'info', subject: 'case-1', details: {} }]);
  });

  it('are what an import kept, then what the grids tell, and nothing twice', () => {
    const kept = (code: string, subject: string): Finding => ({
      code,
      severity: 'warning',
      subject,
      details: {},
    });
    const old = record();
    const now: CaseRecord = {
      ...old,
      findings: [kept('mask-dropped', 'case-1'), kept('registration-dropped', 'case-1')],
      mr: { ...old.mr!, findings: [kept('series-evened', 'T2 axial'), kept('series-oblique', 'T2 axial')] },
    };
    const told = (one: CaseRecord): string[] => caseFindings(one, { mr: turned(3) }).map(({ code }) => code);
    expect(told(now)).toEqual(['mask-dropped', 'registration-dropped', 'series-evened', 'series-oblique']);
    expect(told(old)).toEqual(['series-oblique']);
    expect(told({ ...now, registration: { id: 'reg-1', importedCt: 'ct.nii' } })).not.toContain(
      'registration-dropped',
    );
    expect(caseRecordSchema.parse(now)).toEqual(now);
    expect(caseRecordSchema.parse(old)).toEqual(old);
  });

  it.each<[string, Partial<PatientModule>, Partial<PatientModule>, string[]]>([
    ['nobody else', { patientName: 'Doe^Jane' }, { patientName: 'DOE^Jane^^=ドー' }, []],
    ['another name', { patientName: 'Doe^Jane' }, { patientName: 'Roe^Jane' }, ['pair-patients-differ name']],
    [
      'another birth date and sex',
      { patientBirthDate: '19600101', patientSex: 'F' },
      { patientBirthDate: '19610101', patientSex: 'M' },
      ['pair-patients-differ birth date, sex'],
    ],
    ['what is not said', { patientSex: 'F' }, { patientSex: '' }, []],
    ['no id', { patientId: '' }, {}, ['pair-patient-unknown']],
  ])('say whether MR and CT are of one patient: %s', (_what, mr, ct, expected) => {
    const image = (patient: Partial<PatientModule>) => ({
      file: 'a.nii',
      kind: 'dicom' as const,
      name: 'a',
      source: {
        patient: { patientId: 'P', patientName: '', patientBirthDate: '', patientSex: '', ...patient },
        frameOfReferenceUid: '1.2',
      } as unknown as SourceSeries,
    });
    const found = caseFindings({ ...record(), mr: image(mr), ct: image(ct) }, {});
    expect(found.map(({ code, details }) => [code, ...Object.values(details)].join(' '))).toEqual(expected);
    expect(JSON.stringify(found)).not.toMatch(/doe|19[56]/i);
  });
});
