/**
 * From a real MR to a CT series, through the command line: the model is trained for seconds on phantoms, so only places, identities and
 * files are judged, by programs other than ours.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readVolumeFile, writeVolumeFile } from '../../src-main/workflows/files/volumeFile.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';
import { sharedData } from '../fixtures/sharedData.ts';

interface SynthesisResult {
  readonly format: string;
  readonly model: { readonly name: string; readonly weightHash: string };
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
  readonly gate: { readonly verdict: string; readonly override: string | null };
  readonly receipt: {
    readonly files: number;
    readonly maxValueDifference: number;
    readonly maxPlaceDifferenceMm: number;
    readonly sopInstanceUids: readonly string[];
  };
}

interface NiftiFacts {
  readonly size: readonly number[];
  /** RAS, row-major 4×4. */
  readonly affine: readonly number[];
  readonly lowest: number;
}

const modules = ['pydicom', 'nibabel', 'numpy'];
const python = findPython(modules);
const prostate = sharedData('picai_prep_prostatex');
const study = join(prostate ?? '', 'ProstateX-0000', '07-07-2011');
const axial = join(study, '4.000000-t2tsetra-00702');
const sagittal = join(study, '3.000000-t2tsesag-87368');

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
const onCpu = ['--device', 'cpu'];
const reason = 'sagittal slices are wanted here';

/** Whether an outside program is here; prints that it is not. */
function has(program: string, args: readonly string[]): boolean {
  const found = spawnSync(program, args).error === undefined;
  if (!found) process.stderr.write(`${program} is not installed: tests that use it do not run.\n`);
  return found;
}
const dcm2niix = has('dcm2niix', ['-h']);
const dciodvfy = has('dciodvfy', ['-version']);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-synthesize-'));
  const settings = {
    generator: { inputChannels: 3, ngf: 2, blocks: 1 },
    discriminator: { ndf: 2 },
    spacingMm: [6, 6],
    cropPx: [64, 32],
    batchSize: 2,
    metaBatchSize: 2,
    metaMicroBatch: 2,
    slicesPerEpoch: 4,
    filmSlices: 0,
  };
  writeFileSync(at('tiny.json'), JSON.stringify(settings));
  const workspace = ['--workspace', at('workspace')];
  // What is made without naming a workspace is noted in this one's audit log, not in the user's.
  vi.stubEnv('ILIUM_WORKSPACE', at('workspace'));
  runIliumJson(['phantom', '--out', at('phantom'), '--cases', '3', '--seed', '5']);
  runIliumJson(['import', at('phantom', 'dicom'), ...workspace]);
  runIliumJson(['rank', ...workspace]);
  const train = [
    'train',
    '--method',
    'meta',
    '--preset',
    'quick',
    '--config',
    at('tiny.json'),
    '--epochs',
    '1',
  ];
  const { run } = runIliumJson<{ run: string }>([...train, ...onCpu, ...workspace]);
  runIliumJson(['export-model', run, '--out', at('model'), ...workspace]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function synthesize(mr: string, out: string, ...more: string[]): SynthesisResult {
  return runIliumJson<SynthesisResult>([
    'synthesize',
    '--model',
    at('model'),
    '--mr',
    mr,
    '--out',
    at(out),
    ...onCpu,
    ...more,
  ]);
}

/** Size, affine and lowest value of a NIfTI file as nibabel reads it. */
function niftiFacts(path: string): NiftiFacts {
  const script = `
import json, sys, nibabel, numpy
image = nibabel.load(sys.argv[1])
data = numpy.asarray(image.dataobj)
print(json.dumps({"size": list(data.shape), "affine": image.affine.ravel().tolist(), "lowest": float(data.min())}))`;
  return JSON.parse(runPython(script, { modules, args: [path] })) as NiftiFacts;
}

/** Converts a DICOM folder with dcm2niix and reads what it made. */
function throughDcm2niix(series: string, name: string): NiftiFacts {
  const out = at(`niix-${name}`);
  mkdirSync(out);
  const { status, stdout } = spawnSync('dcm2niix', ['-z', 'n', '-b', 'n', '-f', name, '-o', out, series], {
    encoding: 'utf8',
  });
  expect({ status, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stdout: '' });
  const files = readdirSync(out).filter((file) => file.endsWith('.nii'));
  expect(files).toHaveLength(1);
  return niftiFacts(join(out, files[0]!));
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
}

/** What pydicom reads of every file of a series, sorted along the slice normal. */
function headersOf(series: string): Record<string, unknown>[] {
  const script = `
import json, os, sys, numpy, pydicom
rows = []
for name in sorted(os.listdir(sys.argv[1])):
    d = pydicom.dcmread(os.path.join(sys.argv[1], name))
    n = numpy.cross([float(v) for v in d.ImageOrientationPatient[:3]], [float(v) for v in d.ImageOrientationPatient[3:]])
    p = [float(v) for v in d.ImagePositionPatient]
    rows.append({
        "along": float(numpy.dot(n, p)), "position": p, "orientation": [float(v) for v in d.ImageOrientationPatient],
        "spacing": [float(v) for v in d.PixelSpacing], "size": [int(d.Columns), int(d.Rows)],
        "sop": str(d.SOPInstanceUID), "series": str(d.SeriesInstanceUID), "study": str(d.StudyInstanceUID),
        "frame": str(d.FrameOfReferenceUID), "patient": str(d.PatientID), "name": str(d.PatientName),
        "class": str(d.SOPClassUID), "modality": str(d.Modality), "type": list(d.ImageType)[:2],
        "description": str(d.get("SeriesDescription", "")), "derivation": str(d.get("DerivationDescription", "")), "comments": str(d.get("ImageComments", "")),
        "patientPosition": str(d.get("PatientPosition", "")), "units": str(d.get("RescaleType", "")),
    })
rows.sort(key=lambda row: row["along"])
print(json.dumps(rows))`;
  return JSON.parse(runPython(script, { modules, args: [series] })) as Record<string, unknown>[];
}

const ctSopClass = '1.2.840.10008.5.1.4.1.1.2';
const onReal = prostate !== null && python !== null;

describe.runIf(onReal)('a real oblique prostate MR becomes a CT series', () => {
  let result: SynthesisResult;
  /** Digests of the voxels in each format. */
  const formats: string[] = [];
  beforeAll(() => {
    result = synthesize(axial, 'ct');
  });

  it('which was read back, and warns of a contrast the model does not know', () => {
    expect(result).toMatchObject({ format: 'dicom', receipt: { files: 19, maxValueDifference: 0 } });
    expect(result.receipt.maxPlaceDifferenceMm).toBeLessThan(1e-3);
    expect(new Set(result.receipt.sopInstanceUids).size).toBe(19);
    expect(result.gate).toMatchObject({ verdict: 'amber', override: null });
    expect(result.findings.map(({ code }) => code)).toContain('mr-unlike-training');
  });

  it('of the same patient, study and place, but its own series and images', () => {
    const [mr, ct] = [headersOf(axial), headersOf(at('ct'))];
    expect(ct).toHaveLength(mr.length);
    ct.forEach((slice, k) => {
      const source = mr[k]!;
      for (const name of ['study', 'frame', 'patient', 'name', 'patientPosition', 'size'])
        expect({ [name]: slice[name] }).toEqual({ [name]: source[name] });
      for (const name of ['position', 'orientation', 'spacing'])
        expect(largestDifference(slice[name] as number[], source[name] as number[])).toBeLessThan(1e-3);
      expect(slice).toMatchObject({ class: ctSopClass, modality: 'CT', type: ['DERIVED', 'SECONDARY'] });
      expect(slice['sop']).not.toBe(source['sop']);
      expect(slice['series']).not.toBe(source['series']);
      expect(String(slice['derivation'])).toContain(result.model.weightHash.slice(0, 8));
    });
    expect(new Set(ct.map(({ series }) => series)).size).toBe(1);
    expect(new Set(ct.map(({ sop }) => sop)).size).toBe(19);
  });

  it.runIf(dcm2niix)('on the grid of the MR, as dcm2niix reads both', () => {
    const [mr, ct] = [throughDcm2niix(axial, 'mr'), throughDcm2niix(at('ct'), 'ct')];
    expect(ct.size).toEqual(mr.size);
    expect(largestDifference(ct.affine, mr.affine)).toBeLessThan(1e-3);
  });

  it.runIf(dciodvfy)('in which dciodvfy finds no error', () => {
    for (const name of readdirSync(at('ct'))) {
      const { stderr, stdout } = spawnSync('dciodvfy', [at('ct', name)], { encoding: 'utf8' });
      expect({
        name,
        errors: `${stdout}${stderr}`.split('\n').filter((line) => /^Error/.test(line)),
      }).toEqual({ name, errors: [] });
    }
  });

  it('and says for people what it did and what to mind', () => {
    const { code, out, err } = runIlium([
      'synthesize',
      '--model',
      at('model'),
      '--mr',
      axial,
      '--out',
      at('said'),
      ...onCpu,
    ]);
    expect(code).toBe(0);
    expect(err).toMatch(/^Note: 4 t2_tse_tra: The MR's contrast is unlike/m);
    expect(out).toMatch(/^Wrote 19 DICOM files to .*said, read back and equal to what was meant\.$/m);
    expect(err).toMatch(/^Note: 4 t2_tse_tra: The body is cut off by the image/m);
    expect(out).toMatch(/^Domain gate: amber$/m);
    expect(out).toMatch(/^\d+ notes above: read before use\.$/m);
  });

  it('or, resampled, one of axial slices under the institution’s root, with a receipt that lists every instance', () => {
    const made = synthesize(axial, 'axial', '--grid', 'axial', '--uid-root', '1.2.826.0.1.3680043.10.1234');
    const [mr, ct] = [headersOf(axial), headersOf(at('axial'))];
    expect(ct).toHaveLength(made.receipt.files);
    const receipt = JSON.parse(readFileSync(at('axial.receipt.json'), 'utf8')) as {
      receipt: { sopInstanceUids: string[]; grid: string; weightHash: string };
    };
    expect(receipt.receipt).toMatchObject({ grid: 'axial', weightHash: made.model.weightHash });
    expect([...receipt.receipt.sopInstanceUids].sort()).toEqual(ct.map(({ sop }) => sop).sort());
    for (const slice of ct) {
      expect(slice).toMatchObject({
        orientation: [1, 0, 0, 0, 1, 0],
        spacing: [1, 1],
        frame: mr[0]!['frame'],
      });
      expect(slice['sop']).toMatch(/^1\.2\.826\.0\.1\.3680043\.10\.1234\.\d+$/);
      expect(String(slice['derivation'])).toMatch(/Resampled from the grid of the MR \(384x384x19 voxels/);
    }
    const steps = ct.slice(1).map(({ along }, k) => Number(along) - Number(ct[k]!['along']));
    for (const step of steps) expect(Math.abs(step - 2.5)).toBeLessThan(1e-9);
  });

  it.each(['sct.nii', 'sct.nii.gz', 'sct.mha'])('or a file on the same grid: %s', async (name) => {
    expect(synthesize(axial, name).format).toBe(name.endsWith('.mha') ? 'mha' : 'nifti');
    // nibabel reads no MetaImage; our reader of it is tested against other readers' files elsewhere.
    const nifti = name.endsWith('.mha') ? 'from-mha.nii' : name;
    if (name !== nifti) await writeVolumeFile(at(nifti), await readVolumeFile(at(name)));
    const facts = niftiFacts(at(nifti));
    const [mr] = headersOf(axial);
    const { position, orientation, spacing, size } = mr as unknown as Record<string, number[]>;
    expect(facts.size).toEqual([...size!, 19]);
    const [row, column] = [orientation!.slice(0, 3), orientation!.slice(3)];
    // RAS is LPS with the first two axes turned round; PixelSpacing names the distance of rows first.
    const toRas = [-1, -1, 1];
    toRas.forEach((sign, axis) => {
      const [i, j, , origin] = facts.affine.slice(4 * axis, 4 * axis + 4);
      expect(Math.abs(i! - sign * row[axis]! * spacing![1]!)).toBeLessThan(1e-5);
      expect(Math.abs(j! - sign * column[axis]! * spacing![0]!)).toBeLessThan(1e-5);
      expect(Math.abs(origin! - sign * position![axis]!)).toBeLessThan(1e-3);
    });
    const { data } = await readVolumeFile(at(name));
    formats.push(createHash('sha256').update(Int16Array.from(data)).digest('hex'));
    expect(new Set(formats).size).toBe(1);
  });

  it.runIf(dcm2niix)('also from a sagittal series, one of several in a folder, chosen by name', () => {
    const refused = runIlium([
      'synthesize',
      '--model',
      at('model'),
      '--mr',
      study,
      '--out',
      at('no'),
      ...onCpu,
    ]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/holds 9 image series; .*"3 t2_tse_sag", "4 t2_tse_tra"/);
    expect(existsSync(at('no'))).toBe(false);
    const stopped = runIlium([
      'synthesize',
      '--model',
      at('model'),
      '--mr',
      sagittal,
      '--out',
      at('no'),
      ...onCpu,
    ]);
    expect(stopped.code).toBe(2);
    expect(stopped.err).toMatch(/does not fit the model: Its slices lie at \d+° to the axial plane/);
    expect(existsSync(at('no'))).toBe(false);
    const made = synthesize(study, 'sagittal', '--series', 't2_tse_sag', '--override-gate', reason);
    expect(made.gate).toMatchObject({ verdict: 'stop', override: reason });
    for (const { derivation, comments } of headersOf(at('sagittal'))) {
      expect(derivation).toContain(`Domain gate overridden: ${reason}`);
      expect(comments).toBe(`Domain gate overridden: ${reason}`);
    }
    const { entries } = runIliumJson<{ entries: Record<string, unknown>[] }>([
      'audit',
      'show',
      '--last',
      '2',
    ]);
    expect(entries).toMatchObject([
      { action: 'override', details: { reason, stops: 'orientation' } },
      { action: 'generate', details: { gate: 'stop', overridden: true } },
    ]);
    const [mr, ct] = [throughDcm2niix(sagittal, 'mr-sag'), throughDcm2niix(at('sagittal'), 'ct-sag')];
    expect(ct.size).toEqual(mr.size);
    expect(largestDifference(ct.affine, mr.affine)).toBeLessThan(1e-3);
  });
});

describe('an MR without DICOM', () => {
  it.runIf(python !== null && dcm2niix)('becomes a DICOM series on its own grid', () => {
    runIliumJson(['phantom', '--out', at('nifti'), '--cases', '1', '--seed', '9', '--nifti']);
    const [label] = readdirSync(at('nifti', 'Task1', 'pelvis'));
    const mr = at('nifti', 'Task1', 'pelvis', label!, 'mr.nii.gz');
    const result = synthesize(mr, 'from-nifti');
    expect(result.receipt).toMatchObject({ maxValueDifference: 0 });
    const [source, ct] = [niftiFacts(mr), throughDcm2niix(at('from-nifti'), 'from-nifti')];
    expect(ct.size).toEqual(source.size);
    expect(ct.lowest).toBe(-1024);
    // dcm2niix turns rows round: compare the corners of the grid as places, in any order.
    expect(largestDifference(corners(ct), corners(source))).toBeLessThan(1e-3);
    expect(headersOf(at('from-nifti'))[0]).toMatchObject({
      class: ctSopClass,
      type: ['DERIVED', 'SECONDARY'],
    });
  });
});

/** Coordinates of the eight corner voxels, sorted. */
function corners({ size, affine }: NiftiFacts): number[] {
  const places = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const index = [...size.map((n, axis) => ((corner >> axis) & 1) * (n - 1)), 1];
    return [0, 1, 2].map((row) =>
      index.reduce((sum, value, column) => sum + value * affine[4 * row + column]!, 0),
    );
  });
  return places.sort((a, b) => a[2]! - b[2]! || a[1]! - b[1]! || a[0]! - b[0]!).flat();
}

describe.runIf(onReal)('synthesize that is killed while it writes', () => {
  it('leaves nothing at the final name, and the next run succeeds and sweeps the rest', async () => {
    mkdirSync(at('killed'));
    const target = at('killed', 'ct');
    const launcher = resolve(import.meta.dirname, '../../src-main/ilium.mjs');
    const args = [
      'synthesize',
      '--model',
      at('model'),
      '--mr',
      study,
      '--series',
      't2_tse_sag',
      '--out',
      target,
      '--override-gate',
      reason,
      ...onCpu,
    ];
    // A group of its own, so that launcher and worker die together as when the machine does.
    const child = spawn(process.execPath, [launcher, ...args], { detached: true, stdio: 'ignore' });
    const ended = once(child, 'exit');
    const partial = (): string[] =>
      readdirSync(at('killed')).flatMap((name) =>
        name.endsWith('.partial') ? readdirSync(at('killed', name)) : [],
      );
    while (child.exitCode === null && partial().length < 2) await new Promise((next) => setImmediate(next));
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    expect(partial().length).toBeGreaterThanOrEqual(2);
    expect(readdirSync(at('killed')).map((name) => name.startsWith('.'))).toEqual([true]);

    synthesize(axial, join('killed', 'ct'));
    expect(readdirSync(at('killed'))).toEqual(['ct', 'ct.receipt.json']);
    expect(readdirSync(target)).toHaveLength(19);
  });
});

describe('synthesize told the model by its file', () => {
  it('takes the card beside it', () => {
    cpSync(at('model'), at('elsewhere'), { recursive: true });
    const mr = at('phantom', 'dicom', 'PHANTOM-001', 'MR');
    const path = at('elsewhere', 'model.onnx');
    const { model } = runIliumJson<SynthesisResult>([
      'synthesize',
      '--model',
      path,
      '--mr',
      mr,
      '--out',
      at('one.nii'),
      ...onCpu,
    ]);
    expect(model.weightHash).toMatch(/^[0-9a-f]{64}$/);
    expect(existsSync(at('one.nii'))).toBe(true);
  });
});
