/** Enhanced multi-frame images: known volumes, and voxel by voxel what dcm2niix makes of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assembleVolume, type AssembledVolume } from '../../src-main/formats/dicom/assembleVolume.ts';
import { groupSeries } from '../../src-main/formats/dicom/groupSeries.ts';
import { readDicomFrames } from '../../src-main/formats/dicom/readDicomHeader.ts';
import { readNifti } from '../../src-main/formats/nifti/readNifti.ts';
import { importPaths } from '../../src-main/services/importer/importPaths.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { applyAffine, invertAffine } from '../../src-main/shared/affine.ts';
import type { Volume } from '../../src-main/shared/volume.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const philips = sharedData('dcm_qa_enh');
const dicom2nifti = sharedData('dicom2nifti');
const pydicom = sharedData('pydicom');
const hasDcm2niix = spawnSync('dcm2niix', ['--version']).error === undefined;
if (!hasDcm2niix) process.stderr.write('There is no dcm2niix here: the comparison with it does not run.\n');

async function volumesOf(path: string): Promise<{ label: string; assembled: AssembledVolume }[]> {
  const { headers } = readDicomFrames(readFileSync(path), path);
  let reads = 0;
  const volumes = [];
  for (const group of groupSeries(headers).groups) {
    reads = 0;
    const read = () => (reads++, Promise.resolve(readFileSync(path)));
    volumes.push({ label: group.label, assembled: await assembleVolume(group, read) });
    expect(reads, 'each file is read once, whatever number of frames').toBe(1);
  }
  return volumes;
}

/** Every NIfTI file that dcm2niix makes of a folder, by name. */
function dcm2niix(folder: string): Volume[] {
  const out = mkdtempSync(join(tmpdir(), 'ilium-niix-'));
  try {
    // -p n: DICOM's own rescale, not Philips' private one.
    const options = ['-z', 'n', '-b', 'n', '-p', 'n', '-f', '%s'];
    expect(spawnSync('dcm2niix', [...options, '-o', out, folder]).status).toBe(0);
    const names = readdirSync(out)
      .filter((name) => name.endsWith('.nii'))
      .sort();
    return names.map((name) => readNifti(readFileSync(join(out, name)), name));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Largest difference over our voxels from theirs at the same place, and how far from a voxel of theirs that place is, in voxels. */
function difference(ours: Volume, theirs: Volume): { value: number; offGrid: number } {
  const toIndex = invertAffine(theirs.grid.indexToLps);
  const [nx, ny, nz] = ours.grid.size;
  const [mx, my] = theirs.grid.size;
  let [value, offGrid] = [0, 0];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const exact = applyAffine(toIndex, applyAffine(ours.grid.indexToLps, [i, j, k]));
        const [x, y, z] = exact.map(Math.round) as [number, number, number];
        offGrid = Math.max(offGrid, Math.abs(exact[0] - x), Math.abs(exact[1] - y), Math.abs(exact[2] - z));
        const there = theirs.data[x + mx * (y + my * z)] ?? NaN;
        value = Math.max(value, Math.abs(ours.data[i + nx * (j + ny * k)]! - there));
      }
  return { value, offGrid };
}

describe.runIf(philips)('a Philips field map of 64 frames', () => {
  const path = (): string => join(philips!, 'Philips/IM_0027_fMAP.dcm');

  it('is a magnitude and a field volume, each with its own rescale', async () => {
    const [magnitude, field, ...others] = await volumesOf(path());
    expect(others).toEqual([]);
    expect([magnitude!.label, field!.label]).toEqual([
      '801 B0 NS (image type T1/M)',
      '801 B0 NS (image type T1/FIELD_MAP)',
    ]);
    expect(magnitude!.assembled.volume.grid.size).toEqual([64, 64, 32]);
    expect(field!.assembled.volume.grid).toEqual(magnitude!.assembled.volume.grid);
    expect(field!.assembled.source.slices[0]).toMatchObject({ frameNumber: 33 });
    expect(field!.assembled.source.mrSequence).toMatchObject({
      mrAcquisitionType: '3D',
      magneticFieldStrengthT: 3,
    });
  });

  it('is imported as one loaded file, though one of its volumes is left', async () => {
    const place = mkdtempSync(join(tmpdir(), 'ilium-enhanced-'));
    try {
      const workspace = await openWorkspace(place);
      const { outcomes, cases } = await importPaths([path()], workspace);
      expect(outcomes).toEqual([{ path: path(), outcome: 'loaded' }]);
      const { data } = await workspace.readVolume(cases[0]!.caseId, 'mr');
      expect(data).toHaveLength(64 * 64 * 32);
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  it.runIf(hasDcm2niix)('has the values and places that dcm2niix finds', async () => {
    const ours = await volumesOf(path());
    const theirs = dcm2niix(dirname(path()));
    expect(theirs).toHaveLength(2);
    for (const [at, { assembled }] of ours.entries()) {
      const { value, offGrid } = difference(assembled.volume, theirs[at]!);
      expect(value).toBeLessThan(1e-3);
      expect(offGrid).toBeLessThan(1e-3);
    }
  });
});

describe.runIf(dicom2nifti && hasDcm2niix)('a sagittal Philips image of 8 frames', () => {
  it('has the values and places that dcm2niix finds', async () => {
    const path = join(dicom2nifti!, 'philips_enhanced/anatomical/001/IM-0001-0170-0001.dcm');
    const [only] = await volumesOf(path);
    const [theirs] = dcm2niix(dirname(path));
    const { value, offGrid } = difference(only!.assembled.volume, theirs!);
    expect(value).toBeLessThan(1e-3);
    expect(offGrid).toBeLessThan(1e-3);
  });
});

describe.runIf(pydicom)('an enhanced CT', () => {
  it('is in HU by the rescale of its frames, 10 mm between them', async () => {
    const [only] = await volumesOf(join(pydicom!, 'data_store/eCT_Supplemental.dcm'));
    const { volume } = only!.assembled;
    expect(volume.grid.size).toEqual([512, 512, 2]);
    expect(volume.grid.indexToLps[10]).toBeCloseTo(-10, 6);
    expect([...volume.data].reduce((a, b) => Math.min(a, b))).toBe(-1024);
  });
});
