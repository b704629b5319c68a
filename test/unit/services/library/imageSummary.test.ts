import { describe, expect, it } from 'vitest';
import { caseFindings } from '../../../../src-main/services/library/caseFindings.ts';
import { imageSummary, orientationOf } from '../../../../src-main/services/library/imageSummary.ts';
import type { CaseRecord } from '../../../../src-main/services/workspace/caseRecord.ts';
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
});
