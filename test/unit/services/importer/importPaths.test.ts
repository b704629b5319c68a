import { zipSync } from 'fflate';
import fc from 'fast-check';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMetaImage } from '../../../../src-main/formats/metaimage/writeMetaImage.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import type { ImportReport } from '../../../../src-main/services/importer/importReport.ts';
import { openLibrary } from '../../../../src-main/services/library/openLibrary.ts';
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import type { Finding } from '../../../../src-main/shared/finding.ts';
import { formatMessage } from '../../../../src-main/shared/messages.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { buildDicom, type BuiltElement, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-import-'));
  workspace = await openWorkspace(join(folder, 'workspace'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface BuiltSeries extends BuiltSlice {
  readonly patientId?: string;
  readonly study?: string;
  readonly frame?: string;
  readonly number?: string;
  readonly slices?: number;
}

function put(path: string, bytes: Uint8Array | string): string {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
  return place;
}

/** Writes a series into `folder/name` and returns that folder; its UID is made from the name. */
function series(name: string, options: BuiltSeries): string {
  const { patientId = 'P-1', study = '1.2.4', frame = '1.2.6', number = '1', slices = 4, ...slice } = options;
  const uid = `1.2.5.${[...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1e9}`;
  const identity: BuiltElement[] = [
    { tag: '00100020', vr: 'LO', value: patientId },
    { tag: '0020000d', vr: 'UI', value: study },
    { tag: '00200052', vr: 'UI', value: frame },
    { tag: '00200011', vr: 'IS', value: number },
    { tag: '0008103e', vr: 'LO', value: name },
  ];
  for (let k = 0; k < slices; k++) {
    const position = slice.orientation === undefined ? ([0, 0, 3 * k] as const) : ([3 * k, 0, 0] as const);
    const bytes = buildDicom({
      seriesInstanceUid: uid,
      sopInstanceUid: `${uid}.${k + 1}`,
      instanceNumber: k + 1,
      position,
      ...slice,
      extra: [...identity, ...(slice.extra ?? [])],
    });
    put(`${name}/${k + 1}.dcm`, bytes);
  }
  return join(folder, name);
}

const sagittal = [0, 1, 0, 0, 0, -1];
const volume: Volume = {
  grid: { size: [2, 2, 2], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2.5, 7] },
  data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7.5),
};
const mask: Volume = { grid: volume.grid, data: Int16Array.of(0, 0, 2, 1, 0, 0, 1, 1) };

const tally = ({ outcomes }: ImportReport): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome, reason } of outcomes) {
    const key = reason === undefined ? outcome : `${outcome} ${reason.code}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
const codes = ({ findings }: ImportReport): string[] => findings.map(({ code }) => code);

describe('DICOM', () => {
  it('makes one case of MR and CT of a patient in one frame of reference', async () => {
    const paths = [
      series('mr', { modality: 'MR' }),
      series('ct', { modality: 'CT', study: '1.9', rescale: ['1', '-1024'] }),
    ];
    const report = await importPaths(paths, workspace);
    expect(tally(report)).toEqual({ loaded: 8 });
    expect(report.findings).toEqual([]);
    const [imported] = report.cases;
    expect(imported).toMatchObject({ isNew: true, volumes: ['mr', 'ct'] });
    expect(imported!.caseId).toMatch(/^case-[0-9a-f]{8}$/);
    const record = await workspace.readCase(imported!.caseId);
    expect(record.label).toBe('P-1');
    expect(record.mr!.source!.slices).toHaveLength(4);
    const ct = await workspace.readVolume(imported!.caseId, 'ct');
    expect(ct.grid).toEqual({ size: [4, 3, 4], indexToLps: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0] });
    expect([...ct.data.slice(0, 3)]).toEqual([-1024, -1023, -1022]);
    expect((await workspace.readCohort()).cases).toEqual([{ caseId: imported!.caseId, role: 'train' }]);
  });

  it('gives the same case id again and keeps the roles people chose', async () => {
    const paths = [series('mr', { modality: 'MR' }), series('ct', { modality: 'CT' })];
    const first = await importPaths(paths, workspace);
    const { caseId } = first.cases[0]!;
    await workspace.writeCohort({ schemaVersion: 1, cases: [{ caseId, role: 'meta' }] });
    const second = await importPaths(paths, workspace);
    expect(second.cases).toEqual([{ caseId, isNew: false, volumes: ['mr', 'ct'] }]);
    expect(codes(second)).toEqual([]);
    expect((await workspace.readCohort()).cases).toEqual([{ caseId, role: 'meta' }]);
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
    for (const path of [...paths, ...paths]) ids.add((await importPaths([path], workspace)).cases[0]!.caseId);
    expect(ids.size).toBe(1);
    expect((await workspace.listCases()).map(({ mr, ct }) => [mr !== undefined, ct !== undefined])).toEqual([
      [true, true],
    ]);
    expect((await workspace.readCohort()).cases.map(({ role }) => role)).toEqual(['train']);
  });

  it('pairs by patient alone only with a warning, and keeps such a case out of training', async () => {
    const paths = [
      series('mr', { modality: 'MR' }),
      series('ct', { modality: 'CT', study: '1.9', frame: '1.99' }),
    ];
    const report = await importPaths(paths, workspace);
    expect(report.cases[0]!.volumes).toEqual(['mr', 'ct']);
    expect(codes(report)).toEqual(['ct-not-registered']);
    expect((await workspace.readCohort()).cases[0]).toMatchObject({ role: 'excluded' });
  });

  it('never joins two patients, whatever their UIDs say, nor patients without an id and a common UID', async () => {
    const two = [series('mr', { modality: 'MR' }), series('ct', { modality: 'CT', patientId: 'P-2' })];
    expect((await importPaths(two, workspace)).cases).toHaveLength(2);
    const nameless = [
      series('mr2', { modality: 'MR', patientId: '', study: '1.1', frame: '1.1' }),
      series('ct2', { modality: 'CT', patientId: '', study: '1.5', frame: '1.5' }),
    ];
    expect((await importPaths(nameless, workspace)).cases).toHaveLength(2);
  });

  it('keeps two patients of one series apart and says so, also of the one that is refused', async () => {
    const paths = [
      series('a', { modality: 'MR', seriesInstanceUid: '1.7' }),
      series('b', { modality: 'MR', seriesInstanceUid: '1.7', patientId: 'P-2', slices: 6 }),
    ];
    rmSync(join(folder, 'b/3.dcm'));
    const report = await importPaths(paths, workspace);
    expect(tally(report)).toEqual({ loaded: 4, 'failed file-failed': 5 });
    expect(report.findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'series-of-several-patients 1 b (patient)',
      'series-can-be-evened 1 b (patient)',
      'series-of-several-patients 1 a (patient)',
      'series-split 1 a (patient)',
    ]);
    expect((await workspace.listCases()).map(({ label }) => label)).toEqual(['P-1']);
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
    const report = await importPaths([mr, join(folder, 'mr2'), ct], workspace, { resample: true });
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
    const library = openLibrary(workspace);
    expect(told((await library.read(caseId)).findings)).toEqual(expected);
    await importPaths([ct], workspace);
    expect(told((await library.read(caseId)).findings)).toEqual(expected);
    await importPaths([series('other', { modality: 'MR', slices: 6 })], workspace);
    expect(told((await library.read(caseId)).findings)).toEqual([
      'image-replaced 1 other',
      ...expected.slice(4),
    ]);
    expect(readFileSync(join(workspace.casesDirectory, caseId, 'case.json'), 'utf8')).not.toContain(folder);
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
    const report = await importPaths(paths, workspace);
    expect(tally(report)).toEqual({ loaded: 5, 'skipped series-not-chosen': 22 });
    expect(report.findings).toEqual([
      expect.objectContaining({ code: 'series-chosen', details: { count: 5, chosen: '3 t2' } }),
    ]);
  });

  it('fails a series with a gap, merges a file that comes twice and warns of a cut file beside', async () => {
    const gap = series('gap', { modality: 'MR', slices: 6 });
    rmSync(join(gap, '3.dcm'));
    const failed = await importPaths([gap], workspace);
    expect(tally(failed)).toEqual({ 'failed file-failed': 5 });
    expect(failed.cases).toEqual([]);

    const good = series('good', { modality: 'MR', slices: 5, study: '1.77' });
    put('good/copy.dcm', readFileSync(join(good, '2.dcm')));
    put('good/5.dcm', readFileSync(join(good, '5.dcm')).subarray(0, -3));
    const report = await importPaths([good], workspace);
    expect(tally(report)).toEqual({ loaded: 4, 'merged duplicate-instance': 1, 'failed file-failed': 1 });
    expect(codes(report)).toEqual(['series-may-be-incomplete']);
  });

  it('tells a copy with other values from the same image, and which of the two was taken', async () => {
    const place = series('mr', { modality: 'MR' });
    const other = readFileSync(join(place, '2.dcm'));
    other[other.length - 2] = 99;
    put('mr/x-other.dcm', other);
    put('mr/x-same.dcm', readFileSync(join(place, '3.dcm')));
    const report = await importPaths([place], workspace);
    expect(tally(report)).toEqual({
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
    const report = await importPaths([place], workspace, {
      onProgress: ({ step, done, total }) => {
        if (step === 'look at files' && done === total) rmSync(join(place, '2.dcm'));
      },
    });
    expect(tally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(report.findings).toMatchObject([
      { code: 'series-copies-taken', severity: 'warning', details: { count: 1, files: 'copy.dcm' } },
    ]);
    expect((await workspace.readVolume(report.cases[0]!.caseId, 'mr')).grid.size).toEqual([4, 3, 4]);
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
    const report = await importPaths([place], workspace);
    expect(codes(report)).toEqual(expected);
    expect((await workspace.readVolume(report.cases[0]!.caseId, 'mr')).grid.size[2]).toBe(4);
  });

  it('warns of a slice whose entry in the archive is damaged', async () => {
    const place = series('mr', { modality: 'MR', slices: 5 });
    const names = [1, 2, 3, 4, 5].map((k) => `${k}.dcm`);
    const bytes = zipSync(Object.fromEntries(names.map((name) => [name, readFileSync(join(place, name))])), {
      level: 0,
    });
    bytes[bytes.length - 600]! ^= 1;
    const report = await importPaths([put('mr.zip', bytes)], workspace);
    expect(tally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(codes(report)).toEqual(['series-may-be-incomplete']);
  });

  it('goes on where a file that is no image is gone before a second look', async () => {
    const place = series('mr', { modality: 'MR' });
    const plan = put('mr/plan.dcm', buildDicom({ modality: 'RTSTRUCT' }));
    const report = await importPaths([place], workspace, {
      onProgress: ({ step, done, total }) => {
        if (step === 'look at files' && done === total) rmSync(plan);
      },
    });
    expect(tally(report)).toEqual({ loaded: 4, 'failed file-failed': 1 });
    expect(report.outcomes.find(({ path }) => path === plan)!.reason!.details['error']).toBe(
      'FILE_NOT_FOUND',
    );
  });

  it('tells of an image that takes the place of another', async () => {
    await importPaths([series('one', { modality: 'MR' })], workspace);
    const report = await importPaths([series('two', { modality: 'MR', slices: 6 })], workspace);
    expect(report.cases).toMatchObject([{ isNew: false }]);
    expect(report.findings).toMatchObject([
      { code: 'image-replaced', subject: '1 two', details: { previous: '1 one' } },
    ]);
  });
});

it('tells of an image that takes the place of another patient’s, though it carries its UIDs', async () => {
  const named = (value: string) => ({ modality: 'MR', extra: [{ tag: '00100010', vr: 'PN', value }] });
  await importPaths([series('mr', named('Doe^Jane'))], workspace);
  const report = await importPaths([series('mr', named('Roe^Mary'))], workspace);
  expect(codes(report)).toEqual(['image-replaced']);
});

describe('NIfTI and MetaImage', () => {
  it('makes cases of SynthRAD2023 and SynthRAD2025 folders, with the centre and the mask', async () => {
    for (const name of ['mr', 'ct'])
      put(`Task1/pelvis/1PA001/${name}.nii.gz`, writeNifti(volume, { gzip: true }));
    put('Task1/pelvis/1PA001/mask.nii.gz', writeNifti(mask, { gzip: true }));
    put('Task1/pelvis/overview/1PA001.png', 'not an image for us');
    for (const name of ['mr', 'ct', 'mask']) {
      put(`AB/1ABC042/${name}.mha`, writeMetaImage(name === 'mask' ? mask : volume, { compressed: true }));
    }
    const report = await importPaths([join(folder, 'Task1'), join(folder, 'AB')], workspace);
    expect(tally(report)).toEqual({ loaded: 6, 'skipped file-skipped': 1 });
    expect(report.cases.map(({ caseId }) => caseId)).toEqual(['1PA001', '1ABC042']);
    expect(await workspace.readCase('1PA001')).toMatchObject({
      center: 'A',
      label: '1PA001',
      mr: { kind: 'nifti' },
    });
    expect((await workspace.readCase('1ABC042')).center).toBe('C');
    expect((await workspace.readVolume('1PA001', 'mask')).data).toEqual(
      Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1),
    );
    expect((await workspace.readCohort()).cases[0]).toEqual({ caseId: '1PA001', role: 'train', center: 'A' });
  });

  it('keeps integer images as 16-bit integers and an .mhd with its data file', async () => {
    put('p1_ct.mhd', 'NDims = 3\nDimSize = 2 2 2\nElementType = MET_DOUBLE\nElementDataFile = p1_ct.raw\n');
    put('p1_ct.raw', new Uint8Array(Float64Array.of(-1024, 0, 1, 2, 3, 4, 5, 3000).buffer));
    const report = await importPaths([folder], workspace);
    expect(tally(report)).toMatchObject({ loaded: 2 });
    expect((await workspace.readVolume('p1', 'ct')).data).toEqual(
      Int16Array.of(-1024, 0, 1, 2, 3, 4, 5, 3000),
    );
  });

  it('says why each file that cannot be taken is not', async () => {
    const nan: Volume = { ...volume, data: Float32Array.of(0, NaN, 1, Infinity, 2, 3, 4, 5) };
    const elsewhere: Volume = {
      ...mask,
      grid: { ...mask.grid, indexToLps: [1, 0, 0, 9, 0, 1, 0, 6, 0, 0, 2.5, 7] },
    };
    const files: [string, Uint8Array | string, string, string][] = [
      ['in/empty_mr.nii', '', 'failed', 'NIFTI_INVALID'],
      ['in/zero', '', 'skipped', 'UNKNOWN_FORMAT'],
      ['in/notes.txt', 'hello', 'skipped', 'UNKNOWN_FORMAT'],
      ['in/broken.dcm', 'hello', 'failed', 'NOT_DICOM'],
      ['in/nan_mr.nii', writeNifti(nan), 'failed', 'VOLUME_NOT_FINITE'],
      ['in/cut_ct.nii', writeNifti(volume).subarray(0, -2), 'failed', 'NIFTI_INVALID'],
      ['in/image.nii', writeNifti(volume), 'skipped', ''],
      ['in/vertebrae_T1.nii', writeNifti(mask), 'skipped', ''],
      ['in/lonely_mask.nii', writeNifti(mask), 'skipped', ''],
      ['in/off_mr.nii', writeNifti(volume), 'loaded', ''],
      ['in/off_mask.nii', writeNifti(elsewhere), 'failed', 'GRID_MISMATCH'],
      ['in/twice_mr.nii', writeNifti(volume), 'skipped', ''],
      ['in/twice_mr.mha', writeMetaImage(volume), 'loaded', ''],
      ['in/x/off_mr.nii', writeNifti(volume), 'failed', ''],
    ];
    for (const [path, bytes] of files) put(path, bytes);
    const { outcomes } = await importPaths([join(folder, 'in')], workspace);
    const got = Object.fromEntries(
      outcomes.map(({ path, outcome, reason }) => [
        path.slice(folder.length + 1),
        [outcome, reason?.details['error'] ?? ''],
      ]),
    );
    expect(got).toEqual(
      Object.fromEntries(files.map(([path, , outcome, error]) => [path, [outcome, error]])),
    );
    for (const { path, reason } of outcomes) {
      if (reason === undefined) continue;
      expect(reason.subject).toBe(path);
      const text = formatMessage(`findings.${reason.code}`, reason.details);
      expect(text).not.toMatch(/^findings\.|\{\w+\}/);
    }
  });

  it('keeps what is odd about a file by its name alone', async () => {
    const bytes = writeNifti(volume);
    new DataView(bytes.buffer).setFloat32(268, -60, true); // qoffset_x
    put('odd/mr.nii', bytes);
    const { findings, cases } = await importPaths([join(folder, 'odd')], workspace);
    const kept = (await workspace.readCase(cases[0]!.caseId)).mr!.findings;
    expect(findings.map(({ code }) => code)).toEqual(['nifti-forms-differ']);
    expect(kept).toEqual([{ ...findings[0], subject: 'mr.nii' }]);
  });

  it('adds a mask to a case that is there', async () => {
    put('a/mr.nii', writeNifti(volume));
    await importPaths([join(folder, 'a')], workspace);
    rmSync(join(folder, 'a/mr.nii'));
    put('a/mask.nii', writeNifti(mask));
    expect((await importPaths([join(folder, 'a')], workspace)).cases[0]!.volumes).toEqual(['mr', 'mask']);
  });
});

describe('an import', () => {
  it('reports a place that is not there beside the rest, and follows links once', async () => {
    put('a/mr.nii', writeNifti(volume));
    symlinkSync(join(folder, 'a'), join(folder, 'a/again'));
    const report = await importPaths(
      [join(folder, 'a'), join(folder, 'none'), join(folder, 'a/mr.nii')],
      workspace,
    );
    expect(tally(report)).toEqual({ loaded: 1, 'failed file-failed': 1 });
    expect(report.outcomes.at(-1)!.reason!.details['error']).toBe('FILE_NOT_FOUND');
  });

  it('stops on request with an outcome for every file and whole cases only', async () => {
    for (const name of ['a', 'b', 'c']) put(`in/${name}/mr.nii`, writeNifti(volume));
    const controller = new AbortController();
    const report = await importPaths([join(folder, 'in')], workspace, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 'import cases') controller.abort();
      },
    });
    expect(report.cancelled).toBe(true);
    expect(tally(report)).toEqual({ loaded: 1, 'skipped import-cancelled': 2 });
    expect(await workspace.listCases()).toHaveLength(1);
  });

  it('says that the cohort cannot be read before it writes anything', async () => {
    writeFileSync(workspace.cohortPath, '{');
    put('a/mr.nii', writeNifti(volume));
    await expect(importPaths([join(folder, 'a')], workspace)).rejects.toMatchObject({
      code: 'COHORT_INVALID',
    });
    expect(existsSync(join(workspace.casesDirectory, 'a'))).toBe(false);
  });

  it('gives every damaged file one outcome and throws for none', async () => {
    const dicom = buildDicom({ modality: 'MR' });
    const files = [
      dicom,
      buildDicom({ modality: 'CT', encoding: 'implicit', preamble: false, meta: 'none' }),
      writeNifti(volume),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...files), fc.nat(), fc.uint8Array({ maxLength: 6 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (damages) => {
          const place = mkdtempSync(join(folder, 'fuzz-'));
          const own = await openWorkspace(join(place, 'workspace'));
          damages.forEach(([whole, position, patch], index) => {
            const at = position % whole.length;
            const bytes = patch.length === 0 ? whole.slice(0, at) : whole.slice();
            if (patch.length > 0) bytes.set(patch.subarray(0, whole.length - at), at);
            mkdirSync(join(place, 'in'), { recursive: true });
            writeFileSync(join(place, 'in', `${index}_mr.bin`), bytes);
          });
          const { outcomes } = await importPaths([join(place, 'in')], own);
          expect(outcomes).toHaveLength(damages.length);
          for (const { outcome, reason } of outcomes)
            expect(outcome === 'loaded' || reason !== undefined).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});
