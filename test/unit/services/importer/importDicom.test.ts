import { zipSync } from 'fflate';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { openLibrary } from '../../../../src-main/services/library/openLibrary.ts';
import type { Finding } from '../../../../src-main/shared/finding.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';
import { findingCodes, outcomeTally, useImportWorld } from '../../../fixtures/importWorld.ts';

const world = useImportWorld();
const { put, series } = world;

const sagittal = [0, 1, 0, 0, 0, -1];

describe('DICOM', () => {
  it('makes one case of MR and CT of a patient in one frame of reference', async () => {
    const paths = [
      series('mr', { modality: 'MR' }),
      series('ct', { modality: 'CT', study: '1.9', rescale: ['1', '-1024'] }),
    ];
    const report = await importPaths(paths, world.workspace);
    expect(outcomeTally(report)).toEqual({ loaded: 8 });
    expect(report.findings).toEqual([]);
    const [imported] = report.cases;
    expect(imported).toMatchObject({ isNew: true, volumes: ['mr', 'ct'] });
    expect(imported!.caseId).toMatch(/^case-[0-9a-f]{8}$/);
    const record = await world.workspace.readCase(imported!.caseId);
    expect(record.label).toBe('P-1');
    expect(record.mr!.source!.slices).toHaveLength(4);
    const ct = await world.workspace.readVolume(imported!.caseId, 'ct');
    expect(ct.grid).toEqual({ size: [4, 3, 4], indexToLps: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0] });
    expect([...ct.data.slice(0, 3)]).toEqual([-1024, -1023, -1022]);
    expect((await world.workspace.readCohort()).cases).toEqual([{ caseId: imported!.caseId, role: 'train' }]);
  });

  it('gives the same case id again and keeps the roles people chose', async () => {
    const paths = [series('mr', { modality: 'MR' }), series('ct', { modality: 'CT' })];
    const first = await importPaths(paths, world.workspace);
    const { caseId } = first.cases[0]!;
    await world.workspace.writeCohort({ schemaVersion: 1, cases: [{ caseId, role: 'meta' }] });
    const second = await importPaths(paths, world.workspace);
    expect(second.cases).toEqual([{ caseId, isNew: false, volumes: ['mr', 'ct'] }]);
    expect(findingCodes(second)).toEqual([]);
    expect((await world.workspace.readCohort()).cases).toEqual([{ caseId, role: 'meta' }]);
  });

  it.each([
    ['MR', 'CT'],
    ['CT', 'MR'],
  ])('joins %s and %s that are imported one after the other, and again', async (...order) => {
    const paths = order.map((modality) =>
      series(modality.toLowerCase(), {
        modality,
        study: `1.2.${modality.length}.${modality === 'MR' ? 1 : 2}`,
      }),
    );
    const ids = new Set<string>();
    for (const path of [...paths, ...paths])
      ids.add((await importPaths([path], world.workspace)).cases[0]!.caseId);
    expect(ids.size).toBe(1);
    expect(
      (await world.workspace.listCases()).map(({ mr, ct }) => [mr !== undefined, ct !== undefined]),
    ).toEqual([[true, true]]);
    expect((await world.workspace.readCohort()).cases.map(({ role }) => role)).toEqual(['train']);
  });

  it('pairs by patient alone only with a warning, and keeps such a case out of training', async () => {
    const paths = [
      series('mr', { modality: 'MR' }),
      series('ct', { modality: 'CT', study: '1.9', frame: '1.99' }),
    ];
    const report = await importPaths(paths, world.workspace);
    expect(report.cases[0]!.volumes).toEqual(['mr', 'ct']);
    expect(findingCodes(report)).toEqual(['ct-not-registered']);
    expect((await world.workspace.readCohort()).cases[0]).toMatchObject({ role: 'excluded' });
  });

  it('never joins two patients, whatever their UIDs say, nor patients without an id and a common UID', async () => {
    const two = [series('mr', { modality: 'MR' }), series('ct', { modality: 'CT', patientId: 'P-2' })];
    expect((await importPaths(two, world.workspace)).cases).toHaveLength(2);
    const nameless = [
      series('mr2', { modality: 'MR', patientId: '', study: '1.1', frame: '1.1' }),
      series('ct2', { modality: 'CT', patientId: '', study: '1.5', frame: '1.5' }),
    ];
    expect((await importPaths(nameless, world.workspace)).cases).toHaveLength(2);
  });

  it('keeps two patients of one series apart and says so, also of the one that is refused', async () => {
    const paths = [
      series('a', { modality: 'MR', seriesInstanceUid: '1.7' }),
      series('b', { modality: 'MR', seriesInstanceUid: '1.7', patientId: 'P-2', slices: 6 }),
    ];
    rmSync(join(world.folder, 'b/3.dcm'));
    const report = await importPaths(paths, world.workspace);
    expect(outcomeTally(report)).toEqual({ loaded: 4, 'failed file-failed': 5 });
    expect(report.findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'series-of-several-patients 1 b (patient)',
      'series-can-be-evened 1 b (patient)',
      'series-of-several-patients 1 a (patient)',
      'series-split 1 a (patient)',
    ]);
    expect((await world.workspace.listCases()).map(({ label }) => label)).toEqual(['P-1']);
  });

  it('keeps what it found odd with the case, where the library shows it each time, without paths', async () => {
    const label = { tag: '00280004', vr: 'CS', value: 'MONOCHROME1 ' };
    const mr = series('mr', { modality: 'MR', slices: 6, extra: [label] });
    rmSync(join(mr, '3.dcm'));
    series('mr2', { modality: 'MR', slices: 3, number: '2' });
    put('mr/broken.dcm', 'no image');
    const ct = series('ct', {
      modality: 'CT',
      extra: [{ tag: '00100040', vr: 'CS', value: 'M ' }, { tag: '00180050', vr: 'DS', value: '9 ' }],
    }); // prettier-ignore
    const report = await importPaths([mr, join(world.folder, 'mr2'), ct], world.workspace, {
      resample: true,
    });
    const { caseId } = report.cases[0]!;
    const expected = [
      'series-chosen 1 mr',
      'series-inverted 1 mr',
      'series-evened 1 mr',
      'series-may-be-incomplete 1 mr',
      'series-overlapping 1 ct',
      `ct-other-grid ${caseId}`,
    ];
    const told = (findings: readonly Finding[]): string[] =>
      findings.map(({ code, subject }) => `${code} ${subject}`);
    expect(told(report.findings)).toEqual(expected);
    const library = openLibrary(world.workspace);
    expect(told((await library.read(caseId)).findings)).toEqual(expected);
    await importPaths([ct], world.workspace);
    expect(told((await library.read(caseId)).findings)).toEqual(expected);
    await importPaths([series('other', { modality: 'MR', slices: 6 })], world.workspace);
    expect(told((await library.read(caseId)).findings)).toEqual([
      'image-replaced 1 other',
      ...expected.slice(4),
    ]);
    expect(readFileSync(join(world.workspace.casesDirectory, caseId, 'case.json'), 'utf8')).not.toContain(
      world.folder,
    );
  });

  it('takes the axial original series with the most slices, says so, and lists the others', async () => {
    const derived = { tag: '00080008', vr: 'CS', value: 'DERIVED\\SECONDARY\\ADC' };
    const paths = [
      series('sag', { modality: 'MR', number: '2', orientation: sagittal, slices: 9 }),
      series('t2', { modality: 'MR', number: '3', slices: 5 }),
      series('t2again', { modality: 'MR', number: '4', slices: 5 }),
      series('adc', { modality: 'MR', number: '5', slices: 7, extra: [derived] }),
      series('loc', { modality: 'MR', number: '1', slices: 1 }),
    ];
    const report = await importPaths(paths, world.workspace);
    expect(outcomeTally(report)).toEqual({ loaded: 5, 'skipped series-not-chosen': 22 });
    expect(report.findings).toEqual([
      expect.objectContaining({ code: 'series-chosen', details: { count: 5, chosen: '3 t2' } }),
    ]);
  });

  it('fails a series with a gap, merges a file that comes twice and warns of a cut file beside', async () => {
    const gap = series('gap', { modality: 'MR', slices: 6 });
    rmSync(join(gap, '3.dcm'));
    const failed = await importPaths([gap], world.workspace);
    expect(outcomeTally(failed)).toEqual({ 'failed file-failed': 5 });
    expect(failed.cases).toEqual([]);

    const good = series('good', { modality: 'MR', slices: 5, study: '1.77' });
    put('good/copy.dcm', readFileSync(join(good, '2.dcm')));
    put('good/5.dcm', readFileSync(join(good, '5.dcm')).subarray(0, -3));
    const report = await importPaths([good], world.workspace);
    expect(outcomeTally(report)).toEqual({
      loaded: 4,
      'merged duplicate-instance': 1,
      'failed file-failed': 1,
    });
    expect(findingCodes(report)).toEqual(['series-may-be-incomplete']);
  });

  it('tells a copy with other values from the same image, and which of the two was taken', async () => {
    const place = series('mr', { modality: 'MR' });
    const other = readFileSync(join(place, '2.dcm'));
    other[other.length - 2] = 99;
    put('mr/x-other.dcm', other);
    put('mr/x-same.dcm', readFileSync(join(place, '3.dcm')));
    const report = await importPaths([place], world.workspace);
    expect(outcomeTally(report)).toEqual({
      loaded: 4,
      'merged duplicate-instance': 1,
      'skipped duplicate-differs': 1,
    });
    expect(report.findings).toMatchObject([
      { code: 'series-copies-differ', severity: 'warning', details: { count: 1, files: 'x-other.dcm' } },
    ]);
  });

  it('takes a copy where an image cannot be read any more', async () => {
    const place = series('mr', { modality: 'MR' });
    put('mr/copy.dcm', readFileSync(join(place, '2.dcm')));
    const report = await importPaths([place], world.workspace, {
      onProgress: ({ step, done, total }) => {
        if (step === 'look at files' && done === total) rmSync(join(place, '2.dcm'));
      },
    });
    expect(outcomeTally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(report.findings).toMatchObject([
      { code: 'series-copies-taken', severity: 'warning', details: { count: 1, files: 'copy.dcm' } },
    ]);
    expect((await world.workspace.readVolume(report.cases[0]!.caseId, 'mr')).grid.size).toEqual([4, 3, 4]);
  });

  it.each<[string, string[], (place: string, last: Buffer) => void]>([
    [
      'an end slice that lost its position',
      ['series-may-be-incomplete'],
      (place, last) => {
        last.write('no place', last.indexOf('0\\0\\12'));
        writeFileSync(join(place, '5.dcm'), last);
      },
    ],
    [
      'an end slice whose header is damaged',
      ['series-may-be-incomplete'],
      (place, last) => {
        writeFileSync(join(place, '5.dcm'), last.fill(0xff, 200, 300));
      },
    ],
    [
      'an archive beside it that is damaged',
      ['series-may-be-incomplete'],
      (place) => {
        rmSync(join(place, '5.dcm'));
        writeFileSync(join(place, 'rest.zip'), 'no archive');
      },
    ],
    [
      'a cut image of another series beside it',
      [],
      (place) => {
        const other = buildDicom({ modality: 'MR', seriesInstanceUid: '1.99' });
        writeFileSync(join(place, '5.dcm'), other.subarray(0, -4));
      },
    ],
    [
      'a broken NIfTI file beside it',
      [],
      (place) => {
        rmSync(join(place, '5.dcm'));
        writeFileSync(join(place, 'a_mr.nii'), 'no volume');
      },
    ],
    [
      'a text beside it',
      [],
      (place) => {
        rmSync(join(place, '5.dcm'));
        writeFileSync(join(place, 'notes.txt'), 'hello');
      },
    ],
  ])('judges whether a slice may be missing by %s', async (_what, expected, damage) => {
    const place = series('mr', { modality: 'MR', slices: 5 });
    damage(place, readFileSync(join(place, '5.dcm')));
    const report = await importPaths([place], world.workspace);
    expect(findingCodes(report)).toEqual(expected);
    expect((await world.workspace.readVolume(report.cases[0]!.caseId, 'mr')).grid.size[2]).toBe(4);
  });

  it('warns of a slice whose entry in the archive is damaged', async () => {
    const place = series('mr', { modality: 'MR', slices: 5 });
    const names = [1, 2, 3, 4, 5].map((k) => `${k}.dcm`);
    const bytes = zipSync(Object.fromEntries(names.map((name) => [name, readFileSync(join(place, name))])), {
      level: 0,
    });
    bytes[bytes.length - 600]! ^= 1;
    const report = await importPaths([put('mr.zip', bytes)], world.workspace);
    expect(outcomeTally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(findingCodes(report)).toEqual(['series-may-be-incomplete']);
  });

  it('goes on where a file that is no image is gone before a second look', async () => {
    const place = series('mr', { modality: 'MR' });
    const plan = put('mr/plan.dcm', buildDicom({ modality: 'RTSTRUCT' }));
    const report = await importPaths([place], world.workspace, {
      onProgress: ({ step, done, total }) => {
        if (step === 'look at files' && done === total) rmSync(plan);
      },
    });
    expect(outcomeTally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(report.outcomes.find(({ path }) => path === plan)!.reason!.details['error']).toBe(
      'FILE_NOT_FOUND',
    );
  });

  it('tells of an image that takes the place of another', async () => {
    await importPaths([series('one', { modality: 'MR' })], world.workspace);
    const report = await importPaths([series('two', { modality: 'MR', slices: 6 })], world.workspace);
    expect(report.cases).toMatchObject([{ isNew: false }]);
    expect(report.findings).toMatchObject([
      { code: 'image-replaced', subject: '1 two', details: { previous: '1 one' } },
    ]);
  });
});

it('tells of an image that takes the place of another patient’s, though it carries its UIDs', async () => {
  const named = (value: string) => ({ modality: 'MR', extra: [{ tag: '00100010', vr: 'PN', value }] });
  await importPaths([series('mr', named('Doe^Jane'))], world.workspace);
  const report = await importPaths([series('mr', named('Roe^Mary'))], world.workspace);
  expect(findingCodes(report)).toEqual(['image-replaced']);
});
