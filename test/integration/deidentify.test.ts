/** De-identification proved on public images by other programs: nothing that identified is anywhere in what was written. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deidentifyPaths,
  type DeidentifyReport,
} from '../../src-main/services/deidentify/deidentifyPaths.ts';
import { importPaths } from '../../src-main/services/importer/importPaths.ts';
import { listStructureSets } from '../../src-main/services/structures/structureSetRecord.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-deidentify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const prostate = sharedData('picai_prep_prostatex');
const matrad = sharedData('matrad');
const pydicom = sharedData('pydicom');
const hasPython = findPython(['pydicom']) !== null;
const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;

/**
 * Collects from the originals all that identifies and looks for it in every written byte before the pixels; compares pixel data by hash.
 * Left aside: values of fewer than four letters, numbers of fewer than six digits, and words of what stays (maker, model, codes).
 */
const proof = `
import sys, os, re, json, glob, hashlib, warnings, pydicom
warnings.simplefilter('ignore')
*originals, out = sys.argv[1:]
texts = 'PatientID OtherPatientIDs AccessionNumber StudyID InstitutionName InstitutionAddress StationName DeviceSerialNumber StudyDescription SeriesDescription ProtocolName PatientComments ImageComments PatientAge InstitutionalDepartmentName'.split()
def walk(ds):
    for e in ds:
        yield e
        if e.VR == 'SQ':
            for item in e.value: yield from walk(item)
telling, pixels, keep = {}, set(), set()
for base in originals:
    for root, _, names in os.walk(base):
        for name in names:
            try:
                d = pydicom.dcmread(os.path.join(root, name)); elements = list(walk(d))
            except Exception: continue
            if 'PixelData' in d: pixels.add(hashlib.sha256(d.PixelData).hexdigest())
            for e in elements:
                if e.keyword in ('Manufacturer', 'ManufacturerModelName', 'CodeMeaning'): keep.add(str(e.value))
                many = e.value if isinstance(e.value, (list, pydicom.multival.MultiValue)) else [e.value]
                for s in (str(v).strip() for v in many):
                    if e.VR == 'UI' and len(s) > 8 and not s.startswith('1.2.840.10008.'): telling[s] = e.keyword
                    elif e.VR == 'PN':
                        for part in re.split(r'[\\^ =,]+', s): telling[part] = e.keyword
                    elif e.VR in ('DA', 'DT'): telling[s] = e.keyword
                    elif e.tag.is_private_creator or e.keyword in texts: telling[s] = e.keyword
telling = {v: k for v, k in telling.items() if len(v) > 3 and not (v.isdigit() and len(v) < 6) and not any(v in k for k in keep)}
found, private, other, files = [], 0, 0, 0
for path in glob.glob(out + '/**/*.dcm', recursive=True):
    raw = open(path, 'rb').read(); d = pydicom.dcmread(path); files += 1
    assert d.PatientIdentityRemoved == 'YES' and d.file_meta.MediaStorageSOPInstanceUID == d.get('SOPInstanceUID', d.file_meta.MediaStorageSOPInstanceUID)
    private += sum(e.tag.is_private for e in walk(d))
    if 'PixelData' in d and hashlib.sha256(d.PixelData).hexdigest() not in pixels: other += 1
    head = raw[:raw.rfind(d.PixelData)] if 'PixelData' in d else raw
    for v, k in telling.items():
        if v.encode('utf8') in head or v in path[len(out):]: found.append([k, v])
print(json.dumps({'telling': len(telling), 'found': found, 'private': private, 'pixelsChanged': other, 'files': files}))
`;

const prove = (originals: readonly string[], out: string) =>
  JSON.parse(runPython(proof, { modules: ['pydicom'], args: [...originals, out] })) as {
    telling: number;
    found: unknown[];
    private: number;
    pixelsChanged: number;
    files: number;
  };

async function deidentify(
  paths: readonly string[],
  name: string,
  keepDates: boolean,
): Promise<DeidentifyReport & { out: string }> {
  const out = join(folder, name);
  const codeListPath = join(folder, 'codes.json');
  return { out, ...(await deidentifyPaths(paths, out, { keepDates, codeListPath })) };
}

describe.skipIf(prostate === null || matrad === null || pydicom === null)(
  'de-identified public images',
  () => {
    const sources = [
      prostate ?? '',
      join(matrad ?? '', 'boxphantom_ct_rtstruct'),
      join(pydicom ?? '', 'test_files'),
    ];

    it.skipIf(!hasPython)(
      'hold nothing that told whose they are, in whatever encoding, and their pixel data bit for bit',
      async () => {
        const { out, files, outcomes } = await deidentify(sources, 'removed', false);
        expect(
          outcomes.every(({ outcome, reason }) => (outcome === 'loaded') === (reason === undefined)),
        ).toBe(true);
        const proved = prove(sources, out);
        expect(proved).toMatchObject({ found: [], private: 0, pixelsChanged: 0, files });
        expect(proved.telling).toBeGreaterThan(500);
        expect(files).toBeGreaterThan(250);
      },
    );

    it.skipIf(!hasValidator).each([
      ['moved', true],
      ['removed', false],
    ])('have no error in dciodvfy that they had not before, dates %s', async (name, keepDates) => {
      const { out } = await deidentify(
        [prostate ?? '', join(matrad ?? '', 'boxphantom_ct_rtstruct/RTstruct.dcm')],
        `checked-${name}`,
        keepDates,
      );
      const written = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.dcm'));
      const sample = written.filter((name, at) => at % 20 === 0 || name.includes('RS_'));
      const errorsOf = (path: string): string[] =>
        spawnSync('dciodvfy', [path], { encoding: 'utf8' })
          .stderr.split('\n')
          .filter((line) => line.startsWith('Error'));
      const before = new Set<string>();
      for (const base of [prostate ?? '', join(matrad ?? '', 'boxphantom_ct_rtstruct')]) {
        const names = (await readdir(base, { recursive: true })).filter((name) => /\.dcm$/i.test(name));
        for (const [at, name] of names.entries()) {
          if (at % 20 !== 0 && !name.startsWith('RT')) continue;
          errorsOf(join(base, name)).forEach((line) => before.add(line));
        }
      }
      const added = sample.flatMap((name) => errorsOf(join(out, name)).filter((line) => !before.has(line)));
      expect([...new Set(added)]).toEqual([]);
    });

    it('still belong together: a structure set finds its CT, and comes to the same identifiers again', async () => {
      const box = join(matrad ?? '', 'boxphantom_ct_rtstruct');
      const { out, codes } = await deidentify([box], 'box', true);
      const workspace = await openWorkspace(join(folder, 'workspace'));
      const report = await importPaths([out], workspace);
      expect(report.outcomes.filter(({ outcome }) => outcome !== 'loaded')).toEqual([]);
      const caseId = report.cases[0]?.caseId ?? '';
      expect(
        (await listStructureSets(workspace, caseId)).map(({ structureSet }) => structureSet.rois.length),
      ).toEqual([3]);
      expect((await workspace.readCase(caseId)).label).toBe(codes[0]);
      const again = await deidentify([join(box, 'RTstruct.dcm')], 'again', true);
      expect(again.codes).toEqual(codes);
      const [name = ''] = (await readdir(again.out, { recursive: true })).filter((one) =>
        one.endsWith('.dcm'),
      );
      expect(await readFile(join(again.out, name))).toEqual(await readFile(join(out, name)));
    });
  },
);
