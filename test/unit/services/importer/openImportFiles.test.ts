import { strToU8, zipSync, type Zippable } from 'fflate';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../../../src-main/services/importer/importPaths.ts';
import { loadStudyVolume } from '../../../../src-main/services/importer/loadStudyVolume.ts';
import { openImportFiles } from '../../../../src-main/services/importer/openImportFiles.ts';
import { scanImages } from '../../../../src-main/services/importer/scanImages.ts';
import { openWorkspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { hostileFiles } from '../../../fixtures/hostileFiles.ts';
import { buildDicom, buildStack, type BuiltElement } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const stack = (): Uint8Array[] => buildStack(4, 2, () => ({ modality: 'MR' }));
const put = (name: string, bytes: Uint8Array): string => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const zipped = (name: string, files: Zippable): string => put(name, zipSync(files));
const named = (files: readonly Uint8Array[], prefix = 'MR/'): Zippable =>
  Object.fromEntries(files.map((bytes, k) => [`${prefix}${k}`, bytes]));

describe('an archive', () => {
  it('is imported where it is: DICOM, NIfTI and what is no image, each by its name in it', async () => {
    const volume = {
      grid: { size: [2, 2, 2] as const, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const },
      data: Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    };
    const path = zipped('study.ZIP', {
      ...named(stack()),
      'p2/ct.nii.gz': writeNifti(volume, { gzip: true }),
      'notes.txt': strToU8('no image'),
    });
    const workspace = await openWorkspace(join(folder, 'workspace'));
    const { outcomes, cases } = await importPaths([path], workspace);
    expect(outcomes.map((one) => [one.path.slice(folder.length + 1), one.outcome])).toEqual([
      ...[0, 1, 2, 3].map((k) => [`study.ZIP/MR/${k}`, 'loaded']),
      ['study.ZIP/p2/ct.nii.gz', 'loaded'],
      ['study.ZIP/notes.txt', 'skipped'],
    ]);
    expect(cases).toHaveLength(2);
  });

  it('is loaded as a study, and named as one that is not there', async () => {
    const path = zipped('mr.zip', named(stack()));
    expect((await loadStudyVolume(path, { modality: 'MR' })).volume.grid.size).toEqual([4, 3, 4]);
    await expect(loadStudyVolume(join(folder, 'none.zip'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    writeFileSync(join(folder, 'bad.zip'), 'this is none');
    await expect(loadStudyVolume(join(folder, 'bad.zip'))).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it('has entries refused that lead out of it, are archives, or expand beyond belief', async () => {
    const path = zipped('odd.zip', {
      '../up.dcm': strToU8('x'),
      'inner.zip': zipSync({}),
      'bomb.dcm': [new Uint8Array(70 * 2 ** 20), { level: 9 }],
      'fine.dcm': buildDicom(),
    });
    const { files, problems } = await openImportFiles([path]);
    expect(files).toEqual([`${path}/fine.dcm`]);
    expect(problems.map(({ error }) => error.message.slice(path.length))).toEqual([
      '/../up.dcm cannot be read from its archive: its name leads out of the archive.',
      '/inner.zip cannot be read from its archive: it is an archive inside an archive.',
      expect.stringMatching(/bomb.dcm cannot be read from its archive: it expands \d+-fold/),
    ]);
  });

  it('with several entries of one name gives each of them an outcome', async () => {
    const [first, second] = stack();
    const bytes = Buffer.from(zipSync({ 'MR/a': first!, 'MR/b': second! }));
    for (let at = bytes.indexOf('MR/b'); at >= 0; at = bytes.indexOf('MR/b', at)) bytes.write('MR/a', at);
    const path = put('twice.zip', bytes);
    const { outcomes } = await importPaths([path], await openWorkspace(join(folder, 'workspace')));
    expect(outcomes.map((one) => [one.path.slice(path.length), one.outcome])).toEqual([
      ['/MR/a', 'loaded'],
      ['/MR/a (2)', 'loaded'],
    ]);
  });

  it('that would fill a disk is refused as a whole', async () => {
    const zeros = new Uint8Array(2 ** 26 - 1);
    const path = zipped(
      'bomb.zip',
      Object.fromEntries(Array.from({ length: 17 }, (_, k) => [`${k}.dcm`, zeros])),
    );
    const { files, problems } = await openImportFiles([path]);
    expect(files).toEqual([]);
    expect(problems[0]!.error.message).toMatch(/times as large as it is/);
  });
});

describe('a DICOMDIR', () => {
  const item = (elements: Uint8Array): Uint8Array => {
    const head = new Uint8Array(Uint32Array.of(0xe000fffe, elements.length).buffer);
    return Uint8Array.from([...head, ...elements]);
  };
  const text = (group: number, element: number, vr: string, value: string): Uint8Array => {
    const padded = value.length % 2 ? `${value} ` : value;
    return Uint8Array.from([
      ...new Uint8Array(Uint16Array.of(group, element).buffer),
      ...strToU8(vr),
      padded.length,
      0,
      ...strToU8(padded),
    ]);
  };
  const dicomdir = (...ids: string[]): Uint8Array => {
    const items = ids.flatMap((id) => [...item(text(0x0004, 0x1500, 'CS', id))]);
    const head = Uint8Array.of(
      4,
      0,
      0x20,
      0x12,
      0x53,
      0x51,
      0,
      0,
      ...new Uint8Array(Uint32Array.of(items.length).buffer),
    );
    const meta = buildDicom().subarray(0, 132 + 12 + 14 + 28);
    return Uint8Array.from([...meta, ...head, ...items]);
  };

  it('brings the files it names, in whatever letters, and tells which are missing', async () => {
    put('CD/mr/im0', stack()[0]!);
    put('CD/MR/IM1', stack()[1]!);
    put('CD/not/named', stack()[2]!);
    const path = put('CD/DICOMDIR', dicomdir('MR\\IM0', 'MR\\IM1', 'MR\\IM2', '..\\..\\etc'));
    const { files, findings } = await openImportFiles([path]);
    expect(files.map((file) => file.slice(folder.length))).toEqual([
      '/CD/DICOMDIR',
      '/CD/mr/im0',
      '/CD/MR/IM1',
    ]);
    expect(findings).toEqual([
      {
        code: 'dicomdir-missing',
        severity: 'warning',
        subject: path,
        details: { count: 1, files: 'MR/IM2' },
      },
    ]);
  });
});

describe('a scan', () => {
  const read: [string, number, number][] = [];
  const counted = async (paths: readonly string[]) => {
    const found = await openImportFiles(paths);
    read.length = 0;
    return {
      ...found,
      open: async (path: string) => {
        const source = await found.open(path);
        return {
          ...source,
          read: (offset: number, length: number) => (
            read.push([path, offset, length]),
            source.read(offset, length)
          ),
        };
      },
    };
  };

  it('reads the beginning of a file, and more of it only when the header goes on', async () => {
    const large = { rows: 512, columns: 512, stored: Array.from({ length: 512 * 512 }, () => 7) };
    const note: BuiltElement = { tag: '00204000', vr: 'UT', value: 'x'.repeat(150_000) };
    const [short, long] = [
      put('short', buildDicom(large)),
      put('long', buildDicom({ ...large, extra: [note] })),
    ];
    const { headers } = await scanImages(await counted([short, long]));
    expect(headers.map(({ rows }) => rows)).toEqual([512, 512]);
    expect(read.sort()).toEqual([
      [long, 0, 2 ** 18],
      [long, 0, 2 ** 16],
      [short, 0, 2 ** 16],
    ]);
  });

  it('reads no more of a file that more of it would not help', async () => {
    const large = { rows: 512, columns: 512, stored: Array.from({ length: 512 * 512 }, () => 7) };
    const whole = buildDicom(large);
    const colour = buildDicom({ ...large, extra: [{ tag: '00280004', vr: 'CS', value: 'RGB ' }] });
    const damaged = buildDicom({ ...large, extra: [{ tag: '00200032', vr: 'DS', value: 'x\\y\\z ' }] });
    const paths = [put('cut', whole.subarray(0, -9)), put('colour', colour), put('damaged', damaged)];
    const { problems } = await scanImages(await counted(paths));
    expect(problems.map(({ error }) => error.code)).toEqual([
      'DICOM_TRUNCATED',
      'DICOM_UNSUPPORTED',
      'DICOM_UNSUPPORTED',
    ]);
    expect(read.map(([, offset, length]) => [offset, length])).toEqual(paths.map(() => [0, 2 ** 16]));
    const bomb = Buffer.concat([hostileFiles[0]![3](), Buffer.alloc(2 ** 22)]);
    const { problems: refused } = await scanImages(await counted([put('bomb', bomb)]));
    expect(refused[0]!.error.message).toMatch(/expands beyond 64 MiB/);
    expect(read.map(([, , length]) => length)).toEqual([2 ** 16, 2 ** 18]);
  });

  it('gives up on a header without end in a file of more than memory can hold', async () => {
    const file = buildDicom();
    const at = Buffer.from(file).indexOf(Buffer.of(0xe0, 0x7f, 0x10, 0));
    const note = Uint8Array.of(0x41, 0x7f, 0x10, 0, 0x55, 0x54, 0, 0, 0xf0, 0xff, 0xff, 0xff);
    const path = put('endless', Buffer.concat([file.subarray(0, at), note]));
    truncateSync(path, 5 * 2 ** 30);
    const { problems } = await scanImages(await counted([path]));
    expect(problems[0]!.error.message).toBe(
      `${path} cannot be read: more than 64 MiB of it would have to be read for its header.`,
    );
    expect(Math.max(...read.map(([, , length]) => length))).toBe(2 ** 26);
  });

  it('keeps the order of files, tells its progress and stops when it is asked to', async () => {
    const paths = Array.from({ length: 40 }, (_, k) => put(`s/${k}`, buildDicom({ instanceNumber: k + 1 })));
    const found = await openImportFiles(paths);
    const told: number[] = [];
    const { headers } = await scanImages(found, { onProgress: ({ done }) => told.push(done) });
    expect(headers.map(({ name }) => name)).toEqual(paths);
    expect(told).toEqual(paths.map((_, k) => k + 1));
    const controller = new AbortController();
    const stopped = await scanImages(found, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 10) controller.abort();
      },
    });
    expect(stopped.headers.length).toBeGreaterThanOrEqual(10);
    expect(stopped.headers.length).toBeLessThan(20);
  });
});
