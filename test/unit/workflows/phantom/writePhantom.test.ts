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

  describe('of a scan', () => {
    const [nx, ny, nz] = [40, 30, 16];
    const inside = (index: number): boolean =>
      Math.hypot((index % nx) / 16 - 1.22, (Math.floor(index / nx) % ny) / 12 - 1.21) < 1;
    const body = Array.from({ length: nx * ny * nz }, (_, index) => inside(index));
    const empty = new Uint8Array(body.length);
    const scan = {
      ct: {
        grid: {
          size: [nx, ny, nz] as const,
          indexToLps: [10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0] as const,
        },
        data: Int16Array.from(body, (is) => (is ? 40 : -1000)),
      },
      ...{ structures: empty, hips: empty, bladder: empty, masks: 1 },
      sha256: { ct: 'a'.repeat(64), labels: 'b'.repeat(64) },
    };
    const cohort = { ...tiny, scan, cases: 2, format: 'nifti' as const, misalignMm: 2 };
    const { sizePx: _size, slices: _slices, ...untold } = cohort;

    it('has the size that the scan needs and says which scan it was', async () => {
      const warnings: string[] = [];
      const write = (name: string, more: object) =>
        writePhantom({
          ...untold,
          ...more,
          out: join(parent, name),
          onWarning: (line) => warnings.push(line),
        });
      const { grid, scan: noted } = await write('a', {});
      expect(grid).toEqual({ sizePx: [48, 40], spacingMm: 8, slices: 6, sliceSpacingMm: 20 });
      expect(noted).toEqual({ sizePx: [nx, ny, nz], masks: 1, sha256: scan.sha256 });
      expect(warnings).toEqual([]);
      // A group of the cohort that is aligned has the grid of the one that is not.
      const still = await write('b', { misalignMm: 0, roomForMm: 2 });
      expect(still.grid).toEqual(grid);
    });

    it('says in a line each what the size that was asked for leaves out', async () => {
      const warnings: string[] = [];
      await writePhantom({
        ...untold,
        ...{ sizePx: [48, 24] as const, slices: 9, out: join(parent, 'a') },
        onWarning: (line) => warnings.push(line),
      });
      expect(warnings).toEqual([
        expect.stringMatching(/^The body is cut off at the front or back of the image in 2 of 2 phantoms/),
        expect.stringMatching(
          /^The images of 2 of 2 phantoms reach beyond the CT along the axis: .* of 9 slices/,
        ),
      ]);
    });
  });
});
