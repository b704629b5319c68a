import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleVolume } from '../../../../src-main/formats/dicom/assembleVolume.ts';
import { groupSeries, type GroupedSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { sourceSeriesSchema } from '../../../../src-main/formats/dicom/sourceSeries.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import {
  buildDicom,
  buildStack,
  type BuiltElement,
  type BuiltSlice,
} from '../../../fixtures/dicomBuilder.ts';

const group = (files: readonly Uint8Array[]): GroupedSeries =>
  groupSeries(files.map((bytes, at) => readDicomHeader(bytes, String(at))));

const assemble = (files: readonly Uint8Array[], at = 0) =>
  assembleVolume(group(files).groups[at]!, (name) => Promise.resolve(files[Number(name)]!));

/** Two stacks at the same places, told apart by one element. */
const twins = (first: BuiltElement[], second: BuiltElement[]): Uint8Array[] => [
  ...buildStack(3, 2, (k) => ({ extra: first, sopInstanceUid: `1.1.${k}` })),
  ...buildStack(3, 2, (k) => ({ extra: second, sopInstanceUid: `1.2.${k}`, instanceNumber: 10 + k })),
];

describe('a stack of slices', () => {
  it('becomes one volume in ascending order, whatever the order of the files', async () => {
    const files = buildStack(5, 2.5).reverse();
    const { volume, source, findings } = await assemble(files);
    expect(volume.grid.size).toEqual([4, 3, 5]);
    expect(volume.grid.indexToLps).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2.5, 0]);
    expect(volume.data).toBeInstanceOf(Int16Array);
    expect([0, 1, 2, 3, 4].map((k) => volume.data[12 * k + 5])).toEqual([5, 105, 205, 305, 405]);
    expect(findings).toEqual([]);
    expect(sourceSeriesSchema.parse(source)).toEqual(source);
    expect(source.slices.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `1.2.3.${n}`),
    );
    expect(source.spacingMm).toEqual([1, 2, 2.5]);
  });

  it('keeps an oblique orientation exactly', async () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const files = buildStack(4, 0, (k) => ({
      orientation: [1, 0, 0, 0, c, s],
      position: [10, 20 - 3 * k * s, 30 + 3 * k * c],
    }));
    const { volume } = await assemble(files);
    const expected = [1, 0, 0, 10, 0, 2 * c, -3 * s, 20, 0, 2 * s, 3 * c, 30];
    volume.grid.indexToLps.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 9));
  });

  it('is a right-handed grid also when slices descend along z', async () => {
    const files = buildStack(3, -2, () => ({ orientation: [1, 0, 0, 0, -1, 0] }));
    const { volume } = await assemble(files);
    expect(volume.grid.indexToLps).toEqual([1, 0, 0, 0, 0, -2, 0, 0, 0, 0, -2, 0]);
  });

  it('has float values as soon as one slice needs them, each slice with its own slope', async () => {
    const files = buildStack(2, 1, (k) => ({ rescale: k === 0 ? ['1', '0'] : ['0.5', '-10'] }));
    const { volume } = await assemble(files);
    expect(volume.data).toBeInstanceOf(Float32Array);
    expect([volume.data[3], volume.data[15]]).toEqual([3, 0.5 * 103 - 10]);
  });

  it('says so when it is a single slice', async () => {
    const extra = [{ tag: '00180050', vr: 'DS', value: '3.5 ' }];
    const { volume, findings } = await assemble([buildDicom({ extra })]);
    expect(volume.grid.indexToLps[10]).toBe(3.5);
    expect(findings.map(({ code }) => code)).toEqual(['series-single-slice']);
  });

  it('keeps the tilt of a gantry in the grid and reports it', async () => {
    const { volume, findings } = await assemble(buildStack(4, 2, (k) => ({ position: [0, k, 2 * k] })));
    expect(volume.grid.indexToLps).toEqual([1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 2, 0]);
    expect(findings).toMatchObject([{ code: 'series-tilted', details: { degrees: '26.6' } }]);
  });

  it('says so when its slices are thicker than they are apart, and when it is meant to be shown inverted', async () => {
    const extra = [
      { tag: '00180050', vr: 'DS', value: '3 ' },
      { tag: '00280004', vr: 'CS', value: 'MONOCHROME1 ' },
    ];
    const { volume, findings } = await assemble(buildStack(4, 2, () => ({ extra })));
    expect(findings).toMatchObject([
      { code: 'series-inverted', details: { files: '0, 1, 2 +1' } },
      { code: 'series-overlapping', details: { thickness: '3.00', spacing: '2.00', files: '0, 1, 2 +1' } },
    ]);
    expect(volume.data[5]).toBe(5);
  });

  it('of a tilted stack overlap by the distance of their planes, not by the way between their middles', async () => {
    // 2 mm apart, 2.83 mm from middle to middle.
    const extra = [{ tag: '00180050', vr: 'DS', value: '2.5 ' }];
    const files = buildStack(4, 2, (k) => ({ position: [0, 2 * k, 2 * k], extra }));
    expect((await assemble(files)).findings).toMatchObject([
      { code: 'series-overlapping', details: { thickness: '2.50', spacing: '2.00' } },
      { code: 'series-tilted', details: { degrees: '45.0' } },
    ]);
  });

  it('tolerates positions rounded by the scanner', async () => {
    const { volume } = await assemble(
      buildStack(7, 0, (k) => ({ position: [0, 0, Math.round(k * 33.333) / 10] })),
    );
    expect(volume.grid.indexToLps[10]).toBeCloseTo(3.333, 2);
  });
});

describe('a series that is not one volume', () => {
  it('with a gap is refused and says how many slices are missing', async () => {
    const files = buildStack(9, 3).filter((_, k) => k !== 4);
    await expect(assemble(files)).rejects.toMatchObject({
      code: 'SERIES_MISSING_SLICE',
      details: { reason: '1 of 9 slices missing, slices are 3.00 to 6.00 mm apart, first between 3 and 4' },
    });
  });

  it('with uneven spacing is refused and says where it begins', async () => {
    const files = buildStack(5, 0, (k) => ({ position: [0, 0, k < 3 ? 2 * k : 4 + 2.7 * (k - 2)] }));
    await expect(assemble(files)).rejects.toMatchObject({
      code: 'SERIES_MISSING_SLICE',
      details: { reason: 'slices are 2.00 to 2.70 mm apart, first unevenly between 2 and 3' },
    });
  });

  it('with two images at one place and nothing to tell them apart is refused', async () => {
    await expect(assemble(twins([], []))).rejects.toMatchObject({
      code: 'SERIES_MIXED',
      details: { reason: '3 images lie at the place of another: 3, 4, 5' },
    });
  });

  it('is not torn into slices by what differs from slice to slice', async () => {
    const files = twins([], []).map((_, at) =>
      buildDicom({
        position: [0, 0, 2 * (at % 3)],
        sopInstanceUid: `1.${at}`,
        extra: [{ tag: '00080032', vr: 'TM', value: `12000${at}` }],
      }),
    );
    await expect(assemble(files)).rejects.toMatchObject({ code: 'SERIES_MIXED' });
  });

  it('with changed bytes is assembled on a finite grid or refused, and nothing else happens', async () => {
    const change = fc.record({ file: fc.nat(2), at: fc.nat(), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const files = buildStack(3, 2);
        for (const { file, at, byte } of changes) files[file]![at % files[file]!.length] = byte;
        try {
          const { groups } = group(files);
          for (let at = 0; at < groups.length; at++) {
            const { volume } = await assemble(files, at);
            expect(volume.grid.indexToLps.every(Number.isFinite)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it('with a slice shifted sideways is refused', async () => {
    const files = buildStack(5, 2, (k) => ({ position: [k === 2 ? 5 : 0, 0, 2 * k] }));
    await expect(assemble(files)).rejects.toMatchObject({
      code: 'SERIES_MIXED',
      details: { reason: 'slice positions stray 5.00 mm from an even stack: 2' },
    });
  });

  it('is refused when a file changed between header and pixels', async () => {
    const files = buildStack(2, 1);
    const [only] = group(files).groups;
    await expect(assembleVolume(only!, () => Promise.resolve(files[0]!))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

describe('one series with several volumes', () => {
  const siemens = (value: string): BuiltElement[] => [
    { tag: '00190010', vr: 'LO', value: 'SIEMENS MR HEADER' },
    { tag: '0019100c', vr: 'IS', value },
  ];
  const ge = (value: string): BuiltElement[] => [
    { tag: '00430010', vr: 'LO', value: 'GEMS_PARM_01' },
    { tag: '00431039', vr: 'IS', value },
  ];
  const philips = (value: number): BuiltElement[] => [
    { tag: '20010010', vr: 'LO', value: 'Philips Imaging DD 001' },
    { tag: '20011003', vr: 'FL', value },
  ];
  const text = (tag: string, value: string): BuiltElement[] => [{ tag, vr: 'DS', value }];

  it.each<[string, BuiltElement[], BuiltElement[]]>([
    [
      'b-value 50|b-value 800',
      [{ tag: '00189087', vr: 'FD', value: 50 }],
      [{ tag: '00189087', vr: 'FD', value: 800 }],
    ],
    ['b-value 50|b-value 800', siemens('50'), siemens('800 ')],
    ['b-value 50|b-value 800', ge('1000050\\8\\0'), ge('800\\8\\0\\0')],
    ['b-value 50|b-value 800', philips(50), philips(800)],
    ['echo time 20|echo time 80', text('00180081', '20'), text('00180081', '80')],
    ['acquisition 1|acquisition 2', text('00200012', '1 '), text('00200012', '2 ')],
  ])('is split by %s', (labels, first, second) => {
    const { groups } = group(twins(first, second));
    expect(groups.map(({ splitBy }) => splitBy.join()).join('|')).toBe(labels);
    expect(groups.map(({ headers }) => headers.length)).toEqual([3, 3]);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(2);
    expect(groups.every(({ problem }) => problem === undefined)).toBe(true);
  });

  it('is split by orientation, size and image type, but not by an acquisition key that changes nothing', () => {
    const localiser: BuiltSlice = { orientation: [0, 1, 0, 0, 0, -1], sopInstanceUid: '9.1' };
    const derived = buildStack(3, 2, (k) => ({
      sopInstanceUid: `9.2.${k}`,
      extra: [{ tag: '00080008', vr: 'CS', value: 'DERIVED\\PRIMARY\\ADC ' }],
    }));
    const times = buildStack(3, 2, (k) => ({ extra: text('00080032', `12000${k}`) }));
    const { groups } = group([buildDicom(localiser), ...derived, ...times]);
    expect(groups.map(({ headers }) => headers.length).sort()).toEqual([1, 3, 3]);
  });

  it('takes the same instance once and names the file it kept', () => {
    const files = buildStack(3, 2);
    const { groups } = group([...files, files[1]!]);
    expect(groups.map(({ headers }) => headers.length)).toEqual([3]);
    expect(groups[0]!.findings).toEqual([]);
    expect(groups[0]!.duplicates.map(({ duplicate, kept }) => [duplicate.name, kept.name])).toEqual([
      ['3', '1'],
    ]);
  });

  it('never mixes two series', () => {
    const other = buildStack(3, 2, (k) => ({ seriesInstanceUid: '1.9', sopInstanceUid: `1.9.${k}` }));
    expect(group([...buildStack(3, 2), ...other]).groups.map(({ id }) => id)).toEqual(['1.2.5', '1.9']);
  });
});

describe('images that share what should tell them apart', () => {
  const of = (patientId: string, name = 'Doe^Jane', born = ''): BuiltElement[] => [
    { tag: '00100010', vr: 'PN', value: name },
    { tag: '00100020', vr: 'LO', value: patientId },
    { tag: '00100030', vr: 'DA', value: born },
  ];
  const codes = ({ groups }: GroupedSeries): string[][] =>
    groups.map(({ findings }) => findings.map(({ severity, code }) => `${severity} ${code}`));

  it.each([
    ['id', of('P-1'), of('P-2')],
    ['name', of('P-1'), of('P-1', 'Roe^Richard')],
    ['birth date', of('P-1', 'Doe^Jane', '19600101'), of('P-1', 'Doe^Jane', '19610101')],
  ])('never make one volume of patients who differ in %s, and say so', (_what, first, second) => {
    const files = Array.from({ length: 6 }, (_, k) =>
      buildDicom({
        position: [0, 0, 2 * k],
        sopInstanceUid: `1.${k}`,
        instanceNumber: k + 1,
        extra: k < 3 ? first : second,
      }),
    );
    const found = group(files);
    expect(found.groups.map(({ headers }) => headers.map(({ name }) => name).join(''))).toEqual([
      '012',
      '345',
    ]);
    expect(new Set(found.groups.map(({ id }) => id)).size).toBe(2);
    expect(codes(found)).toEqual([
      ['error series-of-several-patients', 'info series-split'],
      ['error series-of-several-patients', 'info series-split'],
    ]);
    expect(JSON.stringify(found.groups.map(({ label, findings }) => [label, findings]))).not.toMatch(
      /Doe|Roe|P-/,
    );
  });

  it('keep two studies and two series without a UID apart', () => {
    const study = (value: string): BuiltElement[] => [{ tag: '0020000d', vr: 'UI', value }];
    expect(group(twins(study('1.7'), study('1.8'))).groups.map(({ label }) => label)).toEqual([
      '7 built (study)',
      '7 built (study)',
    ]);
    const nameless = buildStack(4, 2, (k) => ({
      seriesInstanceUid: '',
      extra: k < 2 ? [] : [{ tag: '0008103e', vr: 'LO', value: 'other' }],
    }));
    const found = group(nameless);
    expect(found.groups.map(({ headers }) => headers.length)).toEqual([2, 2]);
    expect(codes(found)).toEqual([['warning series-without-uid'], ['warning series-without-uid']]);
    expect(new Set(found.groups.map(({ id }) => id)).size).toBe(2);
    // A disc may hold one series in several folders.
    const folders = nameless.map((bytes, k) => readDicomHeader(bytes, `${k % 2}/${k}`));
    expect(groupSeries(folders).groups.map(({ headers }) => headers.length)).toEqual([2, 2]);
  });

  it('are of one patient however the name is written, and where some say less than others', () => {
    const names = ['DOE^JANE', 'Doe^Jane^^^', 'DOE, JANE', '', 'Doe^Jane=山田'];
    const birthDates = ['19500101', '', '19500101', '19500101', ''];
    const files = buildStack(10, 3, (k) => ({
      extra: [
        { tag: '00100010', vr: 'PN', value: names[k % 5] ?? '' },
        { tag: '00100030', vr: 'DA', value: birthDates[k % 4] ?? '' },
      ],
    }));
    const found = group(files);
    expect(found.groups.map(({ headers }) => headers.length)).toEqual([10]);
    expect(codes(found).flat().join()).not.toContain('several-patients');
  });

  it('are all kept where one UID was given to many, with a warning', async () => {
    const files = buildStack(10, 2, () => ({ sopInstanceUid: '1.2.3' }));
    const found = group(files);
    expect(found.groups.map(({ headers }) => headers.length)).toEqual([10]);
    expect(found.groups[0]!.findings).toMatchObject([
      { code: 'instance-uid-repeated', severity: 'warning', details: { count: 10, files: '0, 1, 2 +7' } },
    ]);
    expect((await assemble(files)).volume.grid.size).toEqual([4, 3, 10]);
  });

  it('are kept of both patients where the UIDs of one were copied to the other', () => {
    const other = (k: number): BuiltSlice => ({
      seriesInstanceUid: '1.9',
      extra: of('P-2'),
      instanceNumber: k + 1,
    });
    const found = group([...buildStack(3, 2), ...buildStack(3, 2, other)]);
    expect(found.groups.map(({ headers }) => headers.length)).toEqual([3, 3]);
    expect(codes(found)).toEqual([['warning instance-uid-repeated'], ['warning instance-uid-repeated']]);
  });

  it('are kept without a UID, and named as no sources of a synthetic CT', () => {
    const found = group(buildStack(3, 2, () => ({ sopInstanceUid: '' })));
    expect(found.groups.map(({ headers }) => headers.length)).toEqual([3]);
    expect(codes(found)).toEqual([['warning images-without-uid']]);
  });

  it('are sorted also by the hundred thousand', () => {
    const header = readDicomHeader(buildDicom(), 'one');
    const many = Array.from({ length: 130_000 }, (_, k) => ({
      ...header,
      sopInstanceUid: `1.${k}`,
      imagePositionPatient: [0, 0, k] as const,
    }));
    expect(groupSeries(many).groups.map(({ headers }) => headers.length)).toEqual([130_000]);
  });
});
