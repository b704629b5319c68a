import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openToDeidentify } from '../../../../src-main/formats/dicom/deidentify.ts';
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
  return values(opened.deidentify(list.replacementFor(opened.subject, keepDates)).bytes);
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
      list.replacementFor({ patientId: 'P-4711', patientName: 'Doe^Jane', studyInstanceUid: study }, true)
        .shiftDays;
    expect(shiftOf('1')).toBe(shiftOf('2'));
    expect(shiftOf('1')).toBeLessThan(0);
    const opened = openToDeidentify(slice(), 'file');
    const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true));
    expect(day(values(bytes).get(0x00080020)) - day('20240229')).toBe(shiftOf('1'));
    expect((await replaced(slice(), false)).get(0x00080020)).toBe('');
  });

  it('keeps its pixels in every encoding', async () => {
    const list = await openCodeList(join(folder, 'codes.json'));
    for (const encoding of ['implicit', 'explicit', 'bigEndian'] as const) {
      const file = slice({ encoding });
      const opened = openToDeidentify(file, encoding);
      const { bytes } = opened.deidentify(list.replacementFor(opened.subject, true));
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
