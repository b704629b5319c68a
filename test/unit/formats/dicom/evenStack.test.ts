import { describe, expect, it } from 'vitest';
import { assembleVolume } from '../../../../src-main/formats/dicom/assembleVolume.ts';
import { ctSeriesAttributes, ctSeriesUids } from '../../../../src-main/formats/dicom/ctSeriesAttributes.ts';
import { evened, evenStack } from '../../../../src-main/formats/dicom/evenStack.ts';
import { groupSeries, type SeriesGroup } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { sourceSeriesSchema } from '../../../../src-main/formats/dicom/sourceSeries.ts';
import { applyAffine } from '../../../../src-main/shared/affine.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';

/** Slices at the given places (mm along z), each pixel holding ten times its place. */
function stackAt(places: readonly number[], beside: (z: number) => number = () => 0): Uint8Array[] {
  return places.map((z, k) =>
    buildDicom({
      rows: 3,
      columns: 4,
      position: [beside(z), 0, z],
      instanceNumber: k + 1,
      sopInstanceUid: `1.2.3.${k + 1}`,
      stored: new Array<number>(12).fill(10 * z),
    }),
  );
}

const groupOf = (files: readonly Uint8Array[]): SeriesGroup =>
  groupSeries(files.map((bytes, at) => readDicomHeader(bytes, String(at)))).groups[0]!;

describe('even slices of an uneven stack', () => {
  it('bridge one missing slice at the steps of the others, linear between its neighbours', async () => {
    const files = stackAt([0, 3, 6, 12, 15]);
    const group = groupOf(files);
    await expect(
      assembleVolume(group, (name) => Promise.resolve(files[Number(name)]!)),
    ).rejects.toMatchObject({
      code: 'SERIES_MISSING_SLICE',
    });
    const { volume, source, findings } = await assembleVolume(evened(group), (name) =>
      Promise.resolve(files[Number(name)]!),
    );
    expect(volume.grid.size).toEqual([4, 3, 6]);
    expect(applyAffine(volume.grid.indexToLps, [0, 0, 3])).toEqual([0, 0, 9]);
    expect([0, 1, 2, 3, 4, 5].map((k) => volume.data[12 * k])).toEqual([0, 30, 60, 90, 120, 150]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'series-evened',
        severity: 'warning',
        details: { spacing: '3.00', smallest: '3.00', largest: '6.00' },
      }),
    );
    expect(sourceSeriesSchema.parse(source)).toMatchObject({
      evened: { smallestMm: 3, largestMm: 6 },
      spacingMm: [1, 2, 3],
    });
    expect(source.slices).toHaveLength(5);
    const { DerivationDescription: told } = ctSeriesAttributes(
      { source, model: { name: 'm', version: '1', weightHash: 'a' } },
      ctSeriesUids(source, 6),
    );
    expect(told).toContain('3.00 to 6.00 mm apart and were resampled (linear) to steps of 3.00 mm');
  });

  it('follow places that are uneven throughout, along a tilted stack too', async () => {
    const files = stackAt([0, 2, 5, 7, 10, 12], (z) => 0.2 * z);
    const { volume } = await assembleVolume(evened(groupOf(files)), (name) =>
      Promise.resolve(files[Number(name)]!),
    );
    for (let k = 0; k < volume.grid.size[2]; k++) {
      const [x, , z] = applyAffine(volume.grid.indexToLps, [0, 0, k]);
      expect(x).toBeCloseTo(0.2 * z, 9);
      expect(volume.data[12 * k]).toBeCloseTo(10 * z, -0.3);
    }
  });

  it('keep what else is odd about the stack: its tilt, and slices thicker than they are apart', () => {
    const extra = [{ tag: '00180050', vr: 'DS', value: '2.9 ' }];
    const files = [0, 3, 6, 12, 15].map((z, k) =>
      buildDicom({ position: [z, 0, z], sopInstanceUid: `1.2.3.${k}`, instanceNumber: k, extra }),
    );
    expect(evened(groupOf(files)).findings.map(({ code, details }) => [code, details])).toEqual([
      ['series-evened', { spacing: '3.00', smallest: '3.00', largest: '6.00' }],
      ['series-tilted', { degrees: '45.0' }],
    ]);
    const thick = stackAt([0, 3, 6, 12, 15], (z) => z).map((bytes) => readDicomHeader(bytes, 'one'));
    const group = groupSeries(thick.map((header) => ({ ...header, sliceThicknessMm: 4 }))).groups[0]!;
    expect(evened(group).findings.map(({ code }) => code)).toEqual([
      'series-evened',
      'series-overlapping',
      'series-tilted',
    ]);
  });

  it.each([
    ['a gap of two slices', stackAt([0, 3, 6, 15, 18])],
    ['a gap of more than 10 mm', stackAt([0, 6, 12, 24, 30])],
    ['two slices alone', stackAt([0, 3])],
    ['slices beside the stack', stackAt([0, 3, 6, 12, 15], (z) => (z === 6 ? 2 : 0))],
    ['even slices', stackAt([0, 3, 6, 9])],
  ])('are not offered for %s', (_what, files) => {
    const group = groupOf(files);
    expect(evenStack(group)).toBeUndefined();
    expect(evened(group)).toBe(group);
  });
});
