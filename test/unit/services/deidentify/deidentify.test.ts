import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  encodeRtStructureSet,
  type ContouredSeries,
} from '../../../../src-main/formats/dicom/encodeRtStructureSet.ts';
import { readRtStructureSet } from '../../../../src-main/formats/dicom/readRtStructureSet.ts';
import type { RtStructureSet } from '../../../../src-main/formats/dicom/rtStructureSet.ts';
import { openToDeidentify, type FileSubject } from '../../../../src-main/formats/dicom/deidentify.ts';
import {
  readRawDataSet,
  dataSetStart,
  type RawElement,
} from '../../../../src-main/formats/dicom/rawDataSet.ts';
import { openCodeList } from '../../../../src-main/services/deidentify/codeList.ts';
import { deidentifyPaths } from '../../../../src-main/services/deidentify/deidentifyPaths.ts';
import { buildDicom, type BuiltElement, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

const mr = '1.2.840.10008.5.1.4.1.1.4';
const identity: readonly BuiltElement[] = [
  { tag: '00080016', vr: 'UI', value: mr },
  { tag: '00080020', vr: 'DA', value: '20240229' },
  { tag: '00081030', vr: 'LO', value: 'Pelvis of Doe' },
  { tag: '00100010', vr: 'PN', value: 'Doe^Jane' },
  { tag: '00100020', vr: 'LO', value: 'P-4711' },
  { tag: '00100030', vr: 'DA', value: '19500101' },
  { tag: '00181251', vr: 'SH', value: 'coil of DOE' },
  { tag: '00290010', vr: 'LO', value: 'SCANNER HEADER' },
  { tag: '00291010', vr: 'LO', value: 'anything' },
];
const subject = (differences: Partial<FileSubject> = {}): FileSubject => ({
  patientId: 'P-4711',
  issuerOfPatientId: '',
  patientName: 'Doe^Jane',
  patientBirthDate: '19500101',
  studyInstanceUid: '1',
  ...differences,
});
const slice = (differences: Partial<BuiltSlice> = {}): Uint8Array =>
  buildDicom({ sopInstanceUid: '1.2.3.4.5', seriesInstanceUid: '1.2.3.9', extra: identity, ...differences });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-deidentify-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const values = (file: Uint8Array): ReadonlyMap<number, string> =>
  new Map(
    readRawDataSet(file, dataSetStart(file), { explicitVr: true, bigEndian: false }).flatMap(
      ({ tag, value }: RawElement) =>
        value.kind === 'bytes' ? [[tag, Buffer.from(value.bytes).toString('latin1').trim()] as const] : [],
    ),
  );

async function replaced(file: Uint8Array, keepDates = true): Promise<ReadonlyMap<number, string>> {
  const opened = openToDeidentify(file, 'file');
  const list = await openCodeList(join(folder, 'codes.json'));
  return values(opened.deidentify(list.replacementFor(opened.subject, keepDates)!).bytes);
}

describe('a de-identified file', () => {
  it('has a code for the patient, no private attribute, and no text that holds the name', async () => {
    const told = await replaced(slice());
    expect([told.get(0x00100010), told.get(0x00100020)]).toEqual(['PATIENT-0001', 'PATIENT-0001']);
    expect([told.get(0x00100030), told.get(0x00181251)]).toEqual(['', '']);
    expect([...told.keys()].filter((tag) => (tag >>> 16) % 2 === 1)).toEqual([]);
    expect(told.has(0x00081030)).toBe(false);
    expect(told.get(0x00120062)).toBe('YES');
    expect(told.get(0x00080018)).toMatch(/^2\.25\.\d+/);
  });

  it('has its dates moved back by the same days as other files of the patient, or none at all', async () => {
    const day = (text = ''): number =>
      Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')) / 86_400_000;
    const list = await openCodeList(join(folder, 'kept.json'));
    const shiftOf = (study: string): number | null =>
      list.replacementFor(subject({ studyInstanceUid: study }), true)!.shiftDays;
    expect(shiftOf('1')).toBe(shiftOf('2'));
    expect(shiftOf('1')).toBeLessThan(0);
    const opened = openToDeidentify(slice(), 'file');
    const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true)!);
    expect(day(values(bytes).get(0x00080020)) - day('20240229')).toBe(shiftOf('1'));
    expect((await replaced(slice(), false)).get(0x00080020)).toBe('');
  });

  it('has valid dummies for dates that must have a value, and no time zone, where dates are removed or moved', async () => {
    const extra: BuiltElement[] = [
      ...identity,
      { tag: '00080023', vr: 'DA', value: '20240229' },
      { tag: '00080033', vr: 'TM', value: '121314' },
      { tag: '0008002a', vr: 'DT', value: '20240229121314.5+0100' },
      { tag: '00080201', vr: 'SH', value: '+0100' },
      { tag: '00080021', vr: 'DA', value: '20240229' },
    ];
    const removed = await replaced(slice({ extra }), false);
    expect([0x00080023, 0x00080033, 0x0008002a].map((tag) => removed.get(tag))).toEqual([
      '19000101',
      '000000',
      '19000101000000',
    ]);
    expect([removed.has(0x00080201), removed.has(0x00080021)]).toEqual([false, false]);
    expect((await replaced(slice({ extra }))).get(0x0008002a)).toMatch(/^\d{8}121314\.5$/);
    const unreadable = extra.map((one) => (one.tag === '00080023' ? { ...one, value: 'FEB 24' } : one));
    expect((await replaced(slice({ extra: unreadable }))).get(0x00080023)).toBe('19000101');
  });

  it('loses a text that holds a short part of the name as a word, and keeps one that holds it within a word', async () => {
    const named = (value: string) => [
      ...identity.filter(({ tag }) => tag !== '00100010'),
      { tag: '00100010', vr: 'PN', value: 'Ute^Steinmetz' },
      { tag: '00080070', vr: 'LO', value },
    ];
    const kept = async (value: string) => (await replaced(slice({ extra: named(value) }))).get(0x00080070);
    expect(await kept('coil for uterus')).toBe('coil for uterus');
    expect(await kept('coil of UTE')).toBe('');
    expect(await kept('Steinmetzcoil')).toBe('');
    const opened = openToDeidentify(slice({ extra: named('coil of UTE') }), 'file');
    const list = await openCodeList(join(folder, 'codes.json'));
    expect(opened.deidentify(list.replacementFor(opened.subject, true)!).textsEmptied).toBe(1);
  });

  it('names regions by words of anatomy and planning alone, and says that they are cleaned', async () => {
    const roi = (number: number, name: string): RtStructureSet['rois'][number] => ({
      ...{ number, name, generationAlgorithm: '', interpretedType: '', frameOfReferenceUid: '1.2.6' },
      contours: [],
    });
    const set: RtStructureSet = {
      ...{ sopInstanceUid: '', label: 'Doe' },
      rois: [roi(1, 'Bladder'), roi(2, 'CTV Steinmetz'), roi(3, 'Doe')],
    };
    const drawnOn = {
      ...{ patient: { patientId: 'P-4711', patientName: 'Doe^Jane' }, study: { studyInstanceUid: '1.2.4' } },
      ...{ seriesInstanceUid: '1.2.5', frameOfReferenceUid: '1.2.6', sopClassUid: mr, sopInstanceUids: [] },
      grid: { size: [1, 1, 0], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    } satisfies ContouredSeries;
    const identity = {
      ...{ seriesInstanceUid: '1.2.7', sopInstanceUid: '1.2.7.1', seriesNumber: 5 },
      createdAt: new Date(2026, 0, 2),
    };
    const opened = openToDeidentify(encodeRtStructureSet(set, drawnOn, identity).bytes, 'file');
    const list = await openCodeList(join(folder, 'codes.json'));
    const { bytes, regionsRenamed } = opened.deidentify(list.replacementFor(opened.subject, true)!);
    const { structureSet } = readRtStructureSet(bytes, 'file');
    expect(structureSet.rois.map(({ name }) => name)).toEqual(['Bladder', 'ROI 2', 'ROI 3']);
    expect([structureSet.label, regionsRenamed]).toEqual(['ANONYMIZED', 2]);
    const text = Buffer.from(bytes).toString('latin1');
    expect([text.includes('113105'), text.includes('113100')]).toEqual([true, true]);
    const image = openToDeidentify(slice(), 'file');
    const { bytes: plain } = image.deidentify(list.replacementFor(image.subject, true)!);
    expect(Buffer.from(plain).toString('latin1')).not.toContain('113105');
  });

  it('has nothing in the bits beside its pixel values, which stay', async () => {
    const hidden = slice({
      bits: { allocated: 16, stored: 12 },
      stored: Array.from({ length: 12 }, (_, at) => at + (at % 3 === 0 ? 0x8000 : 0)),
    });
    const opened = openToDeidentify(hidden, 'file');
    const list = await openCodeList(join(folder, 'codes.json'));
    const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true)!);
    const pixels = new Uint16Array(bytes.slice(-24).buffer);
    expect([...pixels]).toEqual(Array.from({ length: 12 }, (_, at) => at));
  });

  it('keeps bits that carry a sign on, and clears drawn ones between them', async () => {
    const list = await openCodeList(join(folder, 'codes.json'));
    const pixelsOf = (stored: readonly number[]): number[] => {
      const opened = openToDeidentify(
        slice({ rows: 1, columns: 3, signed: true, bits: { allocated: 16, stored: 12 }, stored }),
        'file',
      );
      const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true)!);
      return [...new Int16Array(bytes.slice(-6).buffer)];
    };
    expect(pixelsOf([-5, 7, -1024])).toEqual([-5, 7, -1024]);
    expect(pixelsOf([-5, 7 + 0x4000, -1024])).toEqual([-5, 7, -1024]);
  });

  it('is told as drawn by whole words of its image type, or by an overlay in compressed pixels', () => {
    const typed = (value: string): string | null =>
      openToDeidentify(slice({ extra: [...identity, { tag: '00080008', vr: 'CS', value }] }), 'file')
        .burnedIn;
    expect(typed('DERIVED\\SECONDARY\\REFORMATTED')).toBeNull();
    expect(typed('DERIVED\\SECONDARY\\SCREEN SAVE')).toContain('SCREEN SAVE');
    const overlay = { tag: '60000102', vr: 'US', value: 12 };
    const items = [new Uint8Array(0), new Uint8Array(4)];
    const compressed = { encapsulated: { syntax: '1.2.840.10008.1.2.5', items } };
    const sign = (difference: Partial<BuiltSlice>): string | null =>
      openToDeidentify(slice({ extra: [...identity, overlay], ...difference }), 'file').burnedIn;
    expect(sign(compressed)).toContain('overlay');
    expect(sign({})).toBeNull();
  });

  it('keeps its pixels in every encoding', async () => {
    const list = await openCodeList(join(folder, 'codes.json'));
    for (const encoding of ['implicit', 'explicit', 'bigEndian'] as const) {
      const file = slice({ encoding });
      const opened = openToDeidentify(file, encoding);
      const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true)!);
      expect(Buffer.from(bytes.subarray(-32))).toEqual(Buffer.from(file.subarray(-32)));
    }
  });
});

describe('de-identifying files', () => {
  const run = (paths: readonly string[], name: string) =>
    deidentifyPaths(paths, join(folder, name), { keepDates: true, codeListPath: join(folder, 'codes.json') });

  it('gives every file one outcome, and names files by new identifiers alone', async () => {
    const put = async (name: string, bytes: Uint8Array | string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    };
    const burned = { tag: '00280301', vr: 'CS', value: 'YES' };
    const report = { tag: '00080016', vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.88.11' };
    const paths = [
      await put('doe-1.dcm', slice()),
      await put('doe-2.dcm', slice()),
      await put('burned.dcm', slice({ extra: [...identity, burned] })),
      await put('report.dcm', slice({ extra: [...identity.slice(1), report] })),
      await put('notes.txt', 'Jane Doe'),
    ];
    const { outcomes, files, codes } = await run(paths, 'out');
    expect(outcomes.map(({ outcome, reason }) => [outcome, reason?.code])).toEqual([
      ['loaded', undefined],
      ['merged', 'deidentify-duplicate'],
      ['skipped', 'deidentify-burned-in'],
      ['skipped', 'deidentify-not-covered'],
      ['failed', 'file-failed'],
    ]);
    expect([files, codes]).toEqual([1, ['PATIENT-0001']]);
    const names = await readdir(join(folder, 'out'), { recursive: true });
    expect(names.at(-1)).toMatch(/^PATIENT-0001\/\d{12}\/MR_\d{20}\.dcm$/);
  });

  it('takes one id of two issuers, or of two names, for two patients', async () => {
    const list = await openCodeList(join(folder, 'codes.json'));
    const codeOf = (differences: Partial<FileSubject>): string | undefined =>
      list.replacementFor(subject(differences), true)?.code;
    expect(codeOf({ issuerOfPatientId: 'NORTH' })).toBe('PATIENT-0001');
    expect(codeOf({ issuerOfPatientId: 'SOUTH', patientName: 'Roe^Max' })).toBe('PATIENT-0002');
    // Programs drop the issuer and write names in their own way.
    expect(codeOf({ patientName: 'DOE^JANE^^' })).toBe('PATIENT-0001');
    expect(codeOf({ patientName: 'Stone^Ann' })).toBeUndefined();
    const nobody = { patientId: '', patientName: 'Doe^Jane' };
    expect(codeOf(nobody)).toBe(codeOf({ ...nobody, studyInstanceUid: '2' }));
    expect(codeOf({ ...nobody, patientBirthDate: '19600101' })).not.toBe(codeOf(nobody));
  });

  it('leaves out a file whose id stands for somebody else, and says so', async () => {
    const other = identity.map((one) => (one.tag === '00100010' ? { ...one, value: 'Roe^Max' } : one));
    const paths = [join(folder, 'a.dcm'), join(folder, 'b.dcm')];
    await writeFile(paths[0]!, slice());
    await writeFile(paths[1]!, slice({ sopInstanceUid: '1.2.3.4.6', extra: other }));
    const { outcomes } = await run(paths, 'out');
    expect(outcomes.map(({ reason }) => reason?.code)).toEqual([undefined, 'deidentify-other-name']);
  });

  it.skipIf(process.platform === 'win32')('keeps the key from everybody else', async () => {
    await writeFile(join(folder, 'one.dcm'), slice());
    await run([join(folder, 'one.dcm')], 'out');
    expect((await stat(join(folder, 'codes.json'))).mode & 0o777).toBe(0o600);
  });

  it('maps later files of a patient alike with the same list, and otherwise without it', async () => {
    const path = join(folder, 'one.dcm');
    await writeFile(path, slice());
    await run([path], 'first');
    await run([path], 'second');
    const other = { keepDates: true, codeListPath: join(folder, 'other.json') };
    await deidentifyPaths([path], join(folder, 'third'), other);
    const written = async (name: string): Promise<Buffer> => {
      const [file = ''] = (await readdir(join(folder, name), { recursive: true })).filter((one) =>
        one.endsWith('.dcm'),
      );
      return readFile(join(folder, name, file));
    };
    expect(await written('second')).toEqual(await written('first'));
    expect(await written('third')).not.toEqual(await written('first'));
  });

  it('writes nothing where there is nothing to take', async () => {
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'none');
    await expect(run([path], 'out')).rejects.toMatchObject({ code: 'NOTHING_DEIDENTIFIED', exitCode: 2 });
    expect([existsSync(join(folder, 'out')), existsSync(join(folder, 'codes.json'))]).toEqual([false, false]);
  });
});

it('finds a patient without an id in a list that was kept before birth dates were', async () => {
  const path = join(folder, 'older.json');
  const entry = { patient: 'Doe^Jane', patientName: 'Doe^Jane', code: 'PATIENT-0007', shiftDays: -40 };
  await writeFile(path, JSON.stringify({ schemaVersion: 1, key: 'ab'.repeat(32), patients: [entry] }));
  const list = await openCodeList(path);
  const subject = {
    ...{ patientId: '', issuerOfPatientId: '', patientName: 'Doe^Jane' },
    ...{ patientBirthDate: '19500101', studyInstanceUid: '1.2' },
  };
  for (let time = 0; time < 2; time++)
    expect(list.replacementFor(subject as FileSubject, true)).toMatchObject({
      code: 'PATIENT-0007',
      shiftDays: -40,
    });
});
