import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleVolume } from '../../../../src-main/formats/dicom/assembleVolume.ts';
import { groupSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { readNifti } from '../../../../src-main/formats/nifti/readNifti.ts';
import { createPhantomCase } from '../../../../src-main/imaging/phantom/createPhantomCase.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { sameGrid } from '../../../../src-main/shared/volume.ts';
import { phantomManifestSchema } from '../../../../src-main/workflows/phantom/phantomManifest.ts';
import { writePhantom } from '../../../../src-main/workflows/phantom/writePhantom.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ilium-phantom-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

const tiny = {
  sizePx: [48, 32] as const,
  spacingMm: 8,
  slices: 4,
  sliceSpacingMm: 20,
  misalignMm: 6,
  seed: 3,
};
const nifti = (path: string) => readNifti(readFileSync(path), path);

describe('writePhantom', () => {
  it('writes DICOM that reads back as the images it drew, with the truth beside the imported tree', async () => {
    const out = join(parent, 'cohort');
    const manifest = await writePhantom({ ...tiny, out, cases: 2, format: 'dicom' });
    expect(readdirSync(out).sort()).toEqual(['dicom', 'phantom.json', 'truth']);
    const written: unknown = JSON.parse(readFileSync(join(out, 'phantom.json'), 'utf8'));
    expect(phantomManifestSchema.parse(written)).toEqual(manifest);
    for (const { label, seed, misalignMm, mr, ct, truth } of manifest.cases) {
      const phantom = createPhantomCase({ ...tiny, seed, misalignMm });
      const bytes = (name: string): Buffer => readFileSync(join(out, name));
      const names = [mr, ct].flatMap((folder) =>
        readdirSync(join(out, folder)).map((file) => `${folder}/${file}`),
      );
      const { groups } = groupSeries(names.map((name) => readDicomHeader(bytes(name), name)));
      expect(groups.length).toBe(2);
      const frames = new Set<string>();
      for (const group of groups) {
        const { volume, source } = await assembleVolume(group, (name) => Promise.resolve(bytes(name)));
        const drawn = source.modality === 'MR' ? phantom.mr : phantom.ct;
        expect(source.patient.patientId).toBe(label);
        expect(Array.from(volume.data)).toEqual(Array.from(drawn.data));
        expect(sameGrid(volume.grid, drawn.grid)).toBe(true);
        frames.add(source.frameOfReferenceUid);
      }
      expect(frames.size).toBe(1);
      expect(nifti(join(out, truth.ct)).data).toEqual(phantom.ctAligned.data);
      expect(nifti(join(out, truth.labels)).data).toEqual(phantom.labels.data);
      const components = truth.displacement.map((name) => nifti(join(out, name)).data);
      const count = phantom.labels.data.length;
      components.forEach((values, n) =>
        expect(values).toEqual(phantom.displacement.slice(n * count, (n + 1) * count)),
      );
    }
  });

  it('writes the folders of SynthRAD2023 as NIfTI', async () => {
    const out = join(parent, 'cohort');
    const manifest = await writePhantom({ ...tiny, out, cases: 1, format: 'nifti' });
    const folder = join(out, 'Task1', 'pelvis', 'PHANTOM-001');
    expect(readdirSync(folder).sort()).toEqual(['ct.nii.gz', 'mask.nii.gz', 'mr.nii.gz']);
    const [entry] = manifest.cases;
    const phantom = createPhantomCase({ ...tiny, seed: entry!.seed, misalignMm: entry!.misalignMm });
    expect(nifti(join(folder, 'ct.nii.gz')).data).toEqual(phantom.ct.data);
    const mask = nifti(join(folder, 'mask.nii.gz')).data;
    const uncovered = phantom.bodyMask.data.filter((inside, at) => inside && !mask[at]).length;
    expect(uncovered).toBe(0);
  });

  it('leaves a folder that holds something alone', async () => {
    writeFileSync(join(parent, 'mine.txt'), 'kept');
    await expect(writePhantom({ ...tiny, out: parent, cases: 1, format: 'nifti' })).rejects.toThrow(AppError);
    expect(readdirSync(parent)).toEqual(['mine.txt']);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const stop = new AbortController();
    const onProgress = (): void => {
      stop.abort(new Error('stopped'));
    };
    const run = writePhantom({
      ...tiny,
      out: join(parent, 'a'),
      cases: 3,
      format: 'nifti',
      onProgress,
      signal: stop.signal,
    });
    await expect(run).rejects.toThrow('stopped');
    expect(readdirSync(parent)).toEqual([]);
  });
});
