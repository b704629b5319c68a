/** Every DICOM file of the public sets: the README's tables, and pixels against dcmtk and GDCM. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestDifference } from '../fixtures/largestDifference.ts';
import { decodeAllFrames } from '../fixtures/dicomFrames.ts';
import { sharedData } from '../fixtures/sharedData.ts';
import { missingPrograms, supportOf, supportSets, supportTables, type FileSupport } from './dicomSupport.ts';

if (missingPrograms.length > 0)
  process.stderr.write(`There is no ${missingPrograms.join(', ')} here: not all pixels are compared.\n`);
const isWhole = missingPrograms.length === 0 && supportSets.every((set) => sharedData(set) !== null);
const files: FileSupport[] = [];
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-syntaxes-'));
  for (const set of supportSets) files.push(...((await supportOf(set)) ?? []));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const refused = (set: string, code: string): string[] =>
  files.filter((one) => one.set === set && one.outcome === code).map(({ file }) => file);

describe('the public sets', () => {
  it.runIf(isWhole)('are read as the README says', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
    expect(readme).toContain(supportTables(files));
  });

  it('have the pixels that dcmtk and GDCM decode; sequential JPEG, which is lossy, within 1', () => {
    const compared = files.filter(({ difference }) => difference !== undefined);
    if (isWhole) expect(compared.length).toBeGreaterThan(85);
    const lossy = compared.filter(({ difference }) => difference !== 0);
    expect(lossy.map(({ syntax, difference }) => [syntax, difference])).toEqual(
      lossy.map(() => ['JPEG Extended', 1]),
    );
  });

  it.runIf(sharedData('pydicom'))(
    'refuse what is cut, in colour, a mosaic or without places, each with its code',
    () => {
      expect(refused('pydicom', 'DICOM_TRUNCATED')).toEqual([
        'test_files/MR_truncated.dcm',
        'test_files/dicomdirtests/DICOMDIR-nooffset',
        'test_files/rtplan_truncated.dcm',
      ]);
      expect(refused('pydicom', 'DICOM_UNSUPPORTED')).toEqual(
        [
          '',
          '_RLE',
          '_big_endian',
          '_jpeg_2k_lossless',
          '_jpeg_2k_lossless_too_short',
          '_jpeg_ls_lossless',
        ].map((name) => `data_store/emri_small${name}.dcm`),
      );
      expect(refused('dicom2nifti', 'DICOM_UNSUPPORTED').every((file) => file.includes('/rgb/'))).toBe(true);
      expect(refused('dcm_qa_ts', 'DICOM_UNSUPPORTED')).toHaveLength(9);
      expect(files.filter(({ outcome }) => outcome === 'FILE_UNREADABLE')).toEqual([]);
    },
  );
});

/** Syntaxes of which there is no public file, made by dcmtk from one. */
describe.runIf(isWhole)('a file that dcmtk compressed', () => {
  const encode = (input: string, ...options: string[]): string => {
    const output = join(folder, 'encoded.dcm');
    expect(spawnSync('dcmcjpeg', [...options, input, output]).status).toBe(0);
    return output;
  };
  const words = async (path: string) => (await decodeAllFrames(readFileSync(path), path)).frames[0]!.words;
  const reference = async (path: string) => {
    const output = join(folder, 'decoded.dcm');
    expect(spawnSync('dcmdjpeg', [path, output]).status).toBe(0);
    return words(output);
  };
  const slice = (): string => {
    const series = join(
      sharedData('picai_prep_prostatex')!,
      'ProstateX-0000/07-07-2011/4.000000-t2tsetra-00702',
    );
    return join(series, readdirSync(series)[0]!);
  };

  it.each([1, 2, 3, 4, 5, 6, 7])('by JPEG Lossless with predictor %i is what it was', async (predictor) => {
    const path = encode(slice(), '+el', '+sv', String(predictor));
    expect(largestDifference(await words(path), await words(slice()))).toBe(0);
  });

  const eightBits = (): string => join(sharedData('pydicom')!, 'test_files/image_dfl.dcm');
  it.each([
    ['Baseline', eightBits, ['+eb']],
    ['Extended with 12 bits', slice, ['+ee', '+q', '95']],
  ])('by JPEG %s is within 1 of how dcmtk decodes it', async (_name, input, options) => {
    const path = encode(input(), ...options);
    const [ours, theirs] = [await words(path), await reference(path)];
    expect(ours.length).toBe(theirs.length);
    expect([...ours].filter((value, at) => Math.abs(value - theirs[at]!) > 1)).toEqual([]);
  });
});
