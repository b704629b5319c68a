/** NIfTI and MetaImage readers and writers against public images and nibabel. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMetaImage } from '../../src-main/formats/metaimage/readMetaImage.ts';
import { writeMetaImage } from '../../src-main/formats/metaimage/writeMetaImage.ts';
import { readNifti } from '../../src-main/formats/nifti/readNifti.ts';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import type { Volume } from '../../src-main/shared/volume.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const totalSegmentator = sharedData('totalsegmentator');
const nibabelImages = sharedData('nibabel');
const elastix = sharedData('elastix');
const modules = ['nibabel', 'numpy'];
const hasNibabel = findPython(modules) !== null;

const nifti = (folder: string, name: string): Volume => readNifti(readFileSync(join(folder, name)), name);

/** Affine (RAS, rows x y z), shape, sum, minimum and maximum as nibabel sees a file. */
const inspect = `
import sys, json, nibabel, numpy
image = nibabel.load(sys.argv[1])
data = numpy.asarray(image.dataobj, dtype=float)
print(json.dumps({'affine': image.affine[:3].ravel().tolist(), 'shape': list(data.shape), 'kind': str(image.get_data_dtype()),
  'qform': None if image.get_qform(coded=True)[0] is None else image.get_qform()[:3].ravel().tolist(),
  'sum': float(numpy.nansum(data)), 'corner': data[tuple(n // 3 for n in data.shape)].item(), 'nan': int(numpy.isnan(data).sum())}))
`;

interface Inspected {
  readonly affine: number[];
  readonly qform: number[] | null;
  readonly shape: number[];
  readonly kind: string;
  readonly sum: number;
  readonly corner: number;
  readonly nan: number;
}

function nibabelSees(path: string): Inspected {
  return JSON.parse(runPython(inspect, { modules, args: [path] })) as Inspected;
}

const toRas = (affine: readonly number[]): number[] => affine.map((value, at) => (at < 8 ? -value : value));

function expectEqualToNibabel({ grid, data }: Volume, seen: Inspected, tolerance = 1e-4): void {
  expect(seen.shape.slice(0, 3)).toEqual([...grid.size]);
  toRas(grid.indexToLps).forEach((value, at) =>
    expect(Math.abs(value - seen.affine[at]!)).toBeLessThan(tolerance),
  );
  const [nx, ny, nz] = grid.size;
  const [i, j, k] = [nx, ny, nz].map((n) => Math.floor(n / 3)) as [number, number, number];
  expect(data[i + nx * (j + ny * k)]).toBeCloseTo(seen.corner, 3);
  let sum = 0;
  for (const value of data) if (!Number.isNaN(value)) sum += value;
  expect(Math.abs(sum - seen.sum)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(seen.sum)));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-formats-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.runIf(totalSegmentator)('the TotalSegmentator pelvis CT', () => {
  it('has the known mean HU under its hip masks', () => {
    const ct = nifti(totalSegmentator!, 'example_ct.nii.gz');
    const means = ['left', 'right'].map((side) => {
      const mask = nifti(totalSegmentator!, `example_ct_masks_0effae9/hip_${side}.nii.gz`);
      let sum = 0;
      let count = 0;
      mask.data.forEach((inside, at) => {
        if (inside === 0) return;
        sum += ct.data[at]!;
        count++;
      });
      return sum / count;
    });
    console.log(`hip masks: ${means.map((mean) => mean.toFixed(2)).join(' and ')} HU`);
    expect(means.map(Math.round)).toEqual([229, 236]);
  });
});

describe.runIf(nibabelImages && hasNibabel)('nibabel’s own files', () => {
  it.each(['anatomical.nii', 'reoriented_anat_moved.nii', 'resampled_anat_moved.nii'])(
    'reads %s as nibabel',
    (name) => {
      const seen = nibabelSees(join(nibabelImages!, name));
      const volume = nifti(nibabelImages!, name);
      expectEqualToNibabel(volume, seen);
      expect(volume.data.filter((value) => Number.isNaN(value)).length).toBe(seen.nan);
    },
  );

  it.each(['functional.nii', 'example4d.nii.gz', 'example_nifti2.nii.gz'])(
    'refuses the series %s',
    (name) => {
      expect(() => nifti(nibabelImages!, name)).toThrow(expect.objectContaining({ code: 'VOLUME_NOT_3D' }));
    },
  );

  it('reads one volume taken from the NIfTI-2 and the scaled series as nibabel', () => {
    for (const name of ['example_nifti2.nii.gz', 'functional.nii', 'example4d.nii.gz']) {
      const path = join(folder, `one-${name}`);
      const script = `
import sys, nibabel, numpy
image = nibabel.load(sys.argv[1])
raw = numpy.asarray(image.dataobj.get_unscaled())[..., 1] if image.ndim == 4 else None
header = image.header.copy()
one = type(image)(raw, image.affine, header)
one.set_qform(*image.get_qform(coded=True)); one.set_sform(*image.get_sform(coded=True))
one.header.set_slope_inter(image.dataobj.slope, image.dataobj.inter)
one.to_filename(sys.argv[2])
`;
      runPython(script, { modules, args: [join(nibabelImages!, name), path] });
      expectEqualToNibabel(readNifti(readFileSync(path), path), nibabelSees(path), 1e-3);
    }
  });
});

describe.runIf(hasNibabel)('what we write', () => {
  const [c, s] = [Math.cos(0.31), Math.sin(0.31)];
  const size = [7, 5, 4] as const;
  const indexToLps = [0.5, 0, 0, -88.125, 0, 0.5 * c, -3 * s, 31.7, 0, 0.5 * s, 3 * c, -412.4] as const;

  it.each([
    ['float32', Float32Array.from({ length: 140 }, (_, at) => Math.sin(at) * 1000)],
    ['int16', Int16Array.from({ length: 140 }, (_, at) => at * 29 - 1024)],
    ['uint8', Uint8Array.from({ length: 140 }, (_, at) => at)],
  ])('is read by nibabel with the same values, sform and qform: %s', (kind, data) => {
    for (const gzip of [false, true]) {
      const path = join(folder, gzip ? 'ours.nii.gz' : 'ours.nii');
      writeFileSync(path, writeNifti({ grid: { size, indexToLps }, data }, { gzip }));
      const seen = nibabelSees(path);
      expect(seen.kind).toBe(kind);
      expectEqualToNibabel({ grid: { size, indexToLps }, data }, seen, 1e-5);
      seen.qform!.forEach((value, at) => expect(value).toBeCloseTo(seen.affine[at]!, 4));
    }
  });
});

describe.runIf(elastix)('elastix’s MetaImages', () => {
  it.each([
    ['3DCT_lung_baseline_small.mha', [57, 78, 64], [2.732, 2.732, 5], [-152.461, -148.986, -1432]],
    ['3DCT_lung_baseline_result.mha', [115, 157, 129], undefined, undefined],
    ['3DCT_lung_baseline_mask.mha', undefined, undefined, undefined],
  ])('reads %s', (name, size, spacing, offset) => {
    const { grid, data } = readMetaImage(readFileSync(join(elastix!, name)), name);
    if (!(data instanceof Int16Array || data instanceof Uint8Array))
      throw new TypeError('unexpected voxel type');
    if (size) expect(grid.size).toEqual(size);
    const [a, , , x, , b, , y, , , cc, z] = grid.indexToLps;
    if (spacing) expect([a, b, cc]).toEqual(spacing);
    if (offset) expect([x, y, z]).toEqual(offset);
    expect(data.length).toBe(grid.size[0] * grid.size[1] * grid.size[2]);
    if (name.includes('small')) {
      // Decoded with Python's zlib and numpy.
      let sum = 0;
      for (const value of data) sum += value;
      expect(sum).toBe(-99_576_319);
      const back = readMetaImage(writeMetaImage({ grid, data }, { compressed: true }), name);
      expect(back).toEqual({ grid, data });
    }
  });

  it.each(['2DMRI-T1_brain.mha', '2D_2x2_square_object_at_(1,3).mhd'])(
    'refuses the flat image %s',
    (name) => {
      const read = (): Volume => readMetaImage(readFileSync(join(elastix!, name)), name);
      expect(read).toThrow(expect.objectContaining({ code: 'VOLUME_NOT_3D' }));
    },
  );
});
