/** What outside programs make of the DICOM written here: dciodvfy, dcmftest, dcm2niix, pydicom, nibabel. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleVolume } from '../../src-main/formats/dicom/assembleVolume.ts';
import { encodeCtSeries } from '../../src-main/formats/dicom/encodeCtSeries.ts';
import { encodeOriginalSeries } from '../../src-main/formats/dicom/encodeOriginalSeries.ts';
import { groupSeries } from '../../src-main/formats/dicom/groupSeries.ts';
import type { EncodedInstance } from '../../src-main/formats/dicom/imageAttributes.ts';
import { readDicomHeader } from '../../src-main/formats/dicom/readDicomHeader.ts';
import type { SourceSeries } from '../../src-main/formats/dicom/sourceSeries.ts';
import { onExportGrid, resamplingSentence } from '../../src-main/services/exporter/exportGrid.ts';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import type { Affine } from '../../src-main/shared/affine.ts';
import type { Volume } from '../../src-main/shared/volume.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const model = { name: 'pelvis-meta', version: '1.0', weightHash: '0123456789abcdef' };
const prostateX = sharedData('picai_prep_prostatex');

function available(program: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (!found) process.stderr.write(`${program} is not installed: tests that ask it do not run.\n`);
  return found;
}
const hasDciodvfy = available('dciodvfy');
const hasDcmftest = available('dcmftest');
const hasDcm2niix = available('dcm2niix');
const hasPydicom = findPython(['pydicom', 'numpy']) !== null;
const hasNibabel = findPython(['nibabel', 'numpy']) !== null;

interface Written {
  readonly folder: string;
  /** The integers that were written, on their grid. */
  readonly volume: Volume;
}

let root: string;
const cases = new Map<string, Written>();
/** What the outside programs were seen to differ by: printed at the end. */
const figures: string[] = [];

function write(name: string, instances: readonly EncodedInstance[], volume: Volume): void {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const { name: file, bytes } of instances) writeFileSync(join(folder, file), bytes);
  cases.set(name, { folder, volume });
}

/** An oblique phantom grid with an awkwardly small origin, or a plain axial one. */
function phantom(oblique: boolean): Volume<Int16Array> {
  const [c, s] = oblique ? [Math.cos(0.2), Math.sin(0.2)] : [1, 0];
  const indexToLps: Affine = [
    0.9,
    0,
    0,
    -31.41592653589793,
    0,
    1.1 * c,
    -2.5 * s,
    -1e-7 / 3,
    0,
    1.1 * s,
    2.5 * c,
    77,
  ];
  const data = Int16Array.from({ length: 40 * 30 * 6 }, (_, at) => ((at * 37) % 4000) - 1000);
  return { grid: { size: [40, 30, 6], indexToLps }, data };
}

async function readSource(paths: readonly string[]): Promise<{ volume: Volume; source: SourceSeries }> {
  const { groups } = groupSeries(paths.map((path) => readDicomHeader(readFileSync(path), path)));
  return assembleVolume(groups[0]!, (name) => Promise.resolve(readFileSync(name)));
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-dicom-'));
  const common = {
    patient: { patientName: 'Müller^Ünal', patientId: 'P-7', patientSex: 'M' },
    study: { studyInstanceUid: '2.25.1234', studyDate: '20260102', studyTime: '030405', studyId: '1' },
    frameOfReferenceUid: '2.25.5678',
    seriesNumber: 1,
    seriesDescription: 'phantom',
  };
  const mr = phantom(true);
  write('mr', encodeOriginalSeries({ ...common, volume: mr, modality: 'MR' }), mr);
  const ct = phantom(false);
  write('ct', encodeOriginalSeries({ ...common, volume: ct, modality: 'CT' }), ct);
  const { source } = await readSource(listFiles(join(root, 'mr')));
  const data = Float32Array.from(mr.data, (value) => value + 0.25);
  const sct = encodeCtSeries({ volume: { grid: mr.grid, data }, source, model });
  write('sct', sct.instances, sct.written);
  const axial = onExportGrid({ grid: mr.grid, data }, 'axial');
  const resampling = resamplingSentence(mr.grid, 'axial')!;
  const gate = { verdict: 'stop', override: 'phantom for the end-to-end test' };
  const resampled = encodeCtSeries({ volume: axial, source, model, gate, resampling });
  write('sctOnAxialSlices', resampled.instances, resampled.written);
  const bare = encodeCtSeries({ volume: ct, model, patient: { patientId: 'case-1' } });
  write('sctWithoutSource', bare.instances, bare.written);
  if (prostateX !== null) {
    const study = join(prostateX, 'ProstateX-0000');
    const paths = readdirSync(study, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /t2tsetra.*\.dcm$/.test(path),
    );
    const t2 = await readSource(paths.map((path) => join(study, path)));
    const hu = Float32Array.from(t2.volume.data, (value) => 2.3 * value - 1024);
    const derived = encodeCtSeries({ volume: { grid: t2.volume.grid, data: hu }, source: t2.source, model });
    write('sctOfProstateX', derived.instances, derived.written);
    const onAxial = encodeCtSeries({
      volume: onExportGrid({ grid: t2.volume.grid, data: hu }, 'axial'),
      source: t2.source,
      model,
      resampling: resamplingSentence(t2.volume.grid, 'axial')!,
    });
    write('sctOfProstateXOnAxialSlices', onAxial.instances, onAxial.written);
  }
});

afterAll(() => {
  process.stderr.write(`${figures.join('\n')}\n`);
  rmSync(root, { recursive: true, force: true });
});

const names = [
  'mr',
  'ct',
  'sct',
  'sctOnAxialSlices',
  'sctWithoutSource',
  ...(prostateX === null ? [] : ['sctOfProstateX', 'sctOfProstateXOnAxialSlices']),
];

describe.skipIf(!hasDciodvfy)('dciodvfy', () => {
  it.each(names)('reports no error in any file of %s', (name) => {
    for (const path of listFiles(cases.get(name)!.folder)) {
      const { status, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
      expect(
        stderr.split('\n').filter((line) => line.startsWith('Error')),
        path,
      ).toEqual([]);
      expect(status).toBe(0);
    }
  });
});

describe.skipIf(!hasDcmftest)('dcmftest', () => {
  it.each(names)('takes the files of %s for DICOM', (name) => {
    expect(spawnSync('dcmftest', listFiles(cases.get(name)!.folder)).status).toBe(0);
  });
});

/** Positions, orientation, spacing and HU as pydicom reads them, by instance number. */
const pydicomScript = `
import sys, json, pydicom, numpy
files = sorted((pydicom.dcmread(path) for path in sys.argv[1:]), key=lambda f: f.InstanceNumber)
first = files[0]
hu = numpy.stack([f.pixel_array.astype(float) * float(f.get('RescaleSlope', 1)) + float(f.get('RescaleIntercept', 0)) for f in files])
weights = numpy.arange(hu.size) % 9973
print(json.dumps({'positions': [[float(v) for v in f.ImagePositionPatient] for f in files],
  'orientation': [float(v) for v in first.ImageOrientationPatient], 'spacing': [float(v) for v in first.PixelSpacing],
  'sum': float(hu.sum()), 'weighted': float((hu.ravel() * weights).sum()), 'name': str(first.PatientName),
  'longest': max(len(str(v.original_string)) for f in files for e in f if e.VR == 'DS' and e.value not in (None, '')
    for v in (e.value if e.VM > 1 else [e.value]) if hasattr(v, 'original_string'))}))
`;

describe.skipIf(!hasPydicom)('pydicom', () => {
  it.each(names)('reads the same positions, spacing and values of %s', (name) => {
    const { folder, volume } = cases.get(name)!;
    const modules = ['pydicom', 'numpy'];
    const seen = JSON.parse(runPython(pydicomScript, { modules, args: listFiles(folder) })) as {
      positions: number[][];
      orientation: number[];
      spacing: number[];
      sum: number;
      weighted: number;
      longest: number;
    };
    const [ax, bx, cx, tx, ay, by, cy, ty, az, bz, cz, tz] = volume.grid.indexToLps;
    const [si, sj] = [Math.hypot(ax, ay, az), Math.hypot(bx, by, bz)];
    let farthest = 0;
    const close = (actual: readonly number[], expected: readonly number[]): void =>
      expected.forEach((value, at) => {
        farthest = Math.max(farthest, Math.abs(actual[at]! - value));
        expect(Math.abs(actual[at]! - value)).toBeLessThan(1e-9);
      });
    seen.positions.forEach((position, k) => close(position, [tx + k * cx, ty + k * cy, tz + k * cz]));
    close(seen.orientation, [ax / si, ay / si, az / si, bx / sj, by / sj, bz / sj]);
    close(seen.spacing, [sj, si]);
    let sum = 0;
    let weighted = 0;
    volume.data.forEach((value: number, at: number) => {
      sum += value;
      weighted += value * (at % 9973);
    });
    expect([seen.sum, seen.weighted]).toEqual([sum, weighted]);
    expect(seen.longest).toBeLessThanOrEqual(16);
    figures.push(
      `pydicom reads ${name}: ${volume.grid.size.join('×')} voxels, HU equal, geometry within ${farthest.toExponential(1)}`,
    );
  });
});

/** Both images in the same axis order: largest difference of values and of affines. */
const nibabelScript = `
import sys, json, nibabel, numpy
ours, theirs = (nibabel.as_closest_canonical(nibabel.load(path)) for path in sys.argv[1:])
a, b = (numpy.asarray(image.dataobj, dtype=float) for image in (ours, theirs))
print(json.dumps({'shapes': [list(a.shape), list(b.shape)], 'values': float(abs(a - b).max()) if a.shape == b.shape else None,
  'affine': float(abs(ours.affine - theirs.affine).max())}))
`;

describe.skipIf(!hasDcm2niix || !hasNibabel)('dcm2niix and nibabel', () => {
  it.each(names)('turn %s into the NIfTI that is written here', (name) => {
    const { folder, volume } = cases.get(name)!;
    const out = join(root, `${name}-nifti`);
    mkdirSync(out);
    const { status, stdout } = spawnSync(
      'dcm2niix',
      ['-z', 'n', '-b', 'n', '-f', 'theirs', '-o', out, folder],
      { encoding: 'utf8' },
    );
    expect(status, stdout).toBe(0);
    expect(readdirSync(out)).toEqual(['theirs.nii']);
    writeFileSync(join(out, 'ours.nii'), writeNifti(volume));
    const modules = ['nibabel', 'numpy'];
    const args = ['ours.nii', 'theirs.nii'].map((file) => join(out, file));
    const seen = JSON.parse(runPython(nibabelScript, { modules, args })) as {
      shapes: [number[], number[]];
      values: number;
      affine: number;
    };
    expect(seen.shapes[0]).toEqual(seen.shapes[1]);
    expect(seen.values).toBe(0);
    // NIfTI keeps its affine in 32-bit floats.
    expect(seen.affine).toBeLessThan(1e-4);
    figures.push(
      `dcm2niix reads ${name}: ${seen.shapes[1].join('×')} voxels, HU differ by ${seen.values}, affine by ${seen.affine.toExponential(1)} mm`,
    );
  });
});
