/**
 * Import of files that were made to exhaust it, and of damaged real and built ones: every file ends in one outcome with a code of the
 * catalogue, in bounded time and memory, and the workspace never holds half a case. `ILIUM_MUTANTS=2000` damages that many, with another
 * seed at every run.
 */
import { zipSync } from 'fflate';
import fc from 'fast-check';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMetaImage } from '../../src-main/formats/metaimage/writeMetaImage.ts';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import { importPaths } from '../../src-main/services/importer/importPaths.ts';
import type { FileOutcome } from '../../src-main/services/importer/importReport.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { errorCatalogue } from '../../src-main/shared/errorCatalogue.ts';
import { buildDicom } from '../fixtures/dicomBuilder.ts';
import { hostileFiles } from '../fixtures/hostileFiles.ts';
import { sharedData } from '../fixtures/sharedData.ts';

/** Several times what each takes on a machine that is busy. */
const mostSeconds = 10;
const mostMebibytes = 768;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-hostile-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Imports one file into a workspace of its own; what must hold of any file is checked here. */
async function importOne(name: string, bytes: Uint8Array): Promise<readonly FileOutcome[]> {
  const place = mkdtempSync(join(folder, 'one-'));
  mkdirSync(join(place, 'in'));
  writeFileSync(join(place, 'in', name), bytes);
  const workspace = await openWorkspace(join(place, 'workspace'));
  const start = performance.now();
  const { outcomes } = await importPaths([join(place, 'in')], workspace);
  expect((performance.now() - start) / 1000).toBeLessThan(mostSeconds);
  expect(outcomes.length).toBeGreaterThan(0);
  for (const { outcome, reason } of outcomes) {
    if (outcome === 'loaded') continue;
    const { error } = reason?.details ?? {};
    expect(reason?.code).toMatch(/^[a-z-]+$/);
    if (error !== undefined) expect(Object.keys(errorCatalogue)).toContain(error);
    expect(error).not.toBe('INTERNAL');
  }
  const cases = await workspace.listCases();
  expect(readdirSync(workspace.casesDirectory, { recursive: true }).sort()).toEqual(
    cases
      .flatMap((one) => [
        one.caseId,
        ...['case.json', one.mr?.file, one.ct?.file, one.mask?.file].flatMap((file) =>
          file === undefined ? [] : [join(one.caseId, file)],
        ),
      ])
      .sort(),
  );
  for (const { caseId, mr, ct } of cases)
    for (const file of [mr?.file, ct?.file])
      if (file !== undefined)
        expect(
          (await workspace.readVolume(caseId, file === 'mr.nii' ? 'mr' : 'ct')).data.length,
        ).toBeGreaterThan(0);
  rmSync(place, { recursive: true });
  return outcomes;
}

describe('a hostile file', () => {
  it.each(hostileFiles)(
    'with %s is refused for what it is, in seconds and little memory',
    async (_what, file, code, make) => {
      const before = process.resourceUsage().maxRSS;
      const outcomes = await importOne(file, make());
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed']);
      expect([code].flat()).toContain(outcomes[0]?.reason?.details['error']);
      expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(mostMebibytes);
    },
  );
});

/** Small files of every kind that is read, built and real. */
function wholeFiles(): (readonly [name: string, bytes: Uint8Array])[] {
  const volume = {
    grid: { size: [6, 5, 4], indexToLps: [2, 0, 0, 1, 0, 2, 0, 2, 0, 0, 3, 3] },
    data: Int16Array.from({ length: 120 }, (_, at) => at * 9),
  } as const;
  const dicom = (['implicit', 'explicit', 'bigEndian'] as const).map((encoding) =>
    buildDicom({ modality: 'MR', encoding }),
  );
  const built: [string, Uint8Array][] = [
    ...dicom.map((bytes): [string, Uint8Array] => ['mr.dcm', bytes]),
    ['mr.nii', writeNifti(volume)],
    ['mr.nii.gz', writeNifti(volume, { gzip: true })],
    ['mr.mha', writeMetaImage(volume)],
    ['mr.mha', writeMetaImage(volume, { compressed: true })],
    ['all.zip', zipSync({ 'a/mr.nii': writeNifti(volume), 'b/mr.dcm': dicom[0]! })],
  ];
  const real = {
    pydicom: [
      ...['MR_small', 'MR_small_RLE', 'MR_small_bigendian', 'MR_small_implicit', 'MR_small_jpeg_ls_lossless', 'MR_small_jp2klossless'].map(
        (name) => `test_files/${name}.dcm`,
      ),
      'data_store/eCT_Supplemental.dcm',
    ],
    nibabel: ['resampled_anat_moved.nii', 'example_nifti2.nii.gz'],
    elastix: ['3DCT_lung_baseline_mask.mha'],
  }; // prettier-ignore
  const found = Object.entries(real).flatMap(([set, names]) => {
    const at = sharedData(set);
    if (at === null) return [];
    const present = names.filter((name) => existsSync(join(at, name)));
    return present.map((name): [string, Uint8Array] => {
      const end = /\.(dcm|nii\.gz|nii|mha)$/.exec(name)?.[0] ?? '';
      return [`mr${end}`, readFileSync(join(at, name))];
    });
  });
  return [...built, ...found];
}

type Damage = (bytes: Uint8Array) => Uint8Array;

/** Mostly in the first bytes, where headers are. */
const place = fc.oneof(fc.nat(600), fc.nat(2 ** 20));
const damage: fc.Arbitrary<Damage> = fc.oneof(
  place.map((at): Damage => (bytes) => bytes.slice(0, at % (bytes.length + 1))),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
    ([at, patch]): Damage => (bytes) => spliced(bytes, at, patch.length, patch),
  ),
  fc.tuple(place, fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.integer({ min: 1, max: 8 })).map(
    ([at, value, length]): Damage => (bytes) => spliced(bytes, at, length, new Uint8Array(length).fill(value)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(([at, more]): Damage => (bytes) => spliced(bytes, at, 0, more)),
  fc.tuple(place, fc.integer({ min: 1, max: 300 })).map(
    ([at, length]): Damage => (bytes) => spliced(bytes, at, length, new Uint8Array()),
  ),
); // prettier-ignore

/** `bytes` with `length` of them from `at` on in exchange for `patch`. */
function spliced(bytes: Uint8Array, at: number, length: number, patch: Uint8Array): Uint8Array {
  const start = at % (bytes.length + 1);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, start), patch, bytes.subarray(start + length)]));
}

describe('a damaged file', () => {
  const mutants = Number(process.env['ILIUM_MUTANTS'] ?? 0);

  it(`ends in one outcome, ${mutants || 200} times`, { timeout: 3_600_000 }, async () => {
    const whole = wholeFiles();
    const codes = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), fc.array(damage, { minLength: 1, maxLength: 3 }), async ([name, bytes], damages) => {
        const outcomes = await importOne(name, damages.reduce((now, change) => change(now), bytes));
        for (const { reason } of outcomes) codes.add(reason?.details['error']);
      }),
      mutants > 0 ? { numRuns: mutants } : { numRuns: 200, seed: 5 },
    ); // prettier-ignore
    expect(codes.size).toBeGreaterThan(4);
  });
});
