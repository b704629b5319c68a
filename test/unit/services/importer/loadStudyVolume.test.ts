import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMetaImage } from '../../../../src-main/formats/metaimage/writeMetaImage.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { loadStudyVolume } from '../../../../src-main/services/importer/loadStudyVolume.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { buildDicom, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-study-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, bytes: Uint8Array | string): string {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
  return place;
}

function series(name: string, number: number, slice: BuiltSlice, slices = 4): string {
  for (let k = 0; k < slices; k++) {
    const built = buildDicom({
      seriesInstanceUid: `1.2.5.${number}`,
      sopInstanceUid: `1.2.5.${number}.${k + 1}`,
      instanceNumber: k + 1,
      position: [0, 0, 3 * k],
      ...slice,
      extra: [
        { tag: '00200011', vr: 'IS', value: String(number) },
        { tag: '0008103e', vr: 'LO', value: name },
      ],
    });
    put(`study/${name}-${k + 1}.dcm`, built);
  }
  return join(folder, 'study');
}

const volume: Volume = {
  grid: { size: [2, 2, 2], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2.5, 7] },
  data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7.5),
};

describe('loadStudyVolume', () => {
  it('loads a NIfTI or MetaImage file', async () => {
    for (const path of [
      put('a.nii.gz', writeNifti(volume, { gzip: true })),
      put('a.mha', writeMetaImage(volume)),
    ]) {
      expect(await loadStudyVolume(path, { modality: 'MR' })).toMatchObject({ volume, findings: [] });
    }
  });

  it('loads a DICOM folder, or the series a single file belongs to, with its source', async () => {
    const study = series('t2', 3, { modality: 'MR' });
    series('ct', 4, { modality: 'CT' });
    const fromFolder = await loadStudyVolume(study, { modality: 'MR' });
    expect(fromFolder.volume.grid.size).toEqual([4, 3, 4]);
    expect(fromFolder.source!.seriesDescription).toBe('t2');
    expect(fromFolder.name).toBe('3 t2');
    expect(await loadStudyVolume(join(study, 'ct-2.dcm'), { modality: 'CT' })).toMatchObject({
      name: '4 ct',
    });
  });

  it('lists the series where there are several, and takes the one that is named', async () => {
    const study = series('t2 tra', 3, { modality: 'MR' });
    series('t1 tra', 4, { modality: 'MR' });
    await expect(loadStudyVolume(study)).rejects.toMatchObject({
      code: 'SERIES_AMBIGUOUS',
      details: { count: 2, series: '"3 t2 tra", "4 t1 tra"' },
    });
    for (const name of ['4', '1.2.5.4', 'T1', '4 t1 tra']) {
      expect((await loadStudyVolume(study, { series: name })).name).toBe('4 t1 tra');
    }
    await expect(loadStudyVolume(study, { series: 'tra' })).rejects.toMatchObject({
      code: 'SERIES_AMBIGUOUS',
    });
    await expect(loadStudyVolume(study, { series: 'dwi' })).rejects.toMatchObject({
      code: 'SERIES_AMBIGUOUS',
    });
  });

  it('takes mr or ct of a SynthRAD folder', async () => {
    const mr = put('1PA001/mr.nii', writeNifti(volume));
    put('1PA001/ct.nii', writeNifti({ ...volume, data: Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8) }));
    put('1PA001/mask.nii', writeNifti({ ...volume, data: new Uint8Array(8) }));
    expect((await loadStudyVolume(dirname(mr), { modality: 'CT' })).volume.data).toEqual(
      Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    );
    expect((await loadStudyVolume(dirname(mr), { modality: 'MR' })).name).toBe('mr.nii');
    await expect(loadStudyVolume(dirname(mr))).rejects.toMatchObject({ code: 'SERIES_AMBIGUOUS' });
  });

  it.each<[string, string, () => string]>([
    ['FILE_NOT_FOUND', 'a place that is not there', () => join(folder, 'none')],
    ['FILE_NOT_FOUND', 'a place under a file', () => join(put('f', ''), 'x')],
    ['UNKNOWN_FORMAT', 'a text', () => put('a.txt', 'hello')],
    ['UNKNOWN_FORMAT', 'an empty file', () => put('a', '')],
    ['UNKNOWN_FORMAT', 'a folder of texts', () => dirname(put('texts/a.txt', 'hello'))],
    ['DICOM_NO_IMAGE', 'an empty folder', () => (mkdirSync(join(folder, 'void')), join(folder, 'void'))],
    ['NOT_DICOM', 'a .dcm that is none', () => put('a.dcm', 'hello')],
    ['NIFTI_INVALID', 'a .nii that is none', () => put('a.nii', 'hello')],
    ['DICOM_NO_IMAGE', 'a DICOM file that is no image', () => put('a.dcm', buildDicom({ modality: 'SR' }))],
    ['DICOM_TRUNCATED', 'a cut file', () => put('a.dcm', buildDicom({ modality: 'MR' }).subarray(0, -4))],
    ['BAD_USAGE', 'a CT where an MR is needed', () => series('ct', 1, { modality: 'CT' })],
    [
      'VOLUME_NOT_FINITE',
      'values that are no numbers',
      () => put('a.nii', writeNifti({ ...volume, data: new Float32Array(8).fill(NaN) })),
    ],
  ])('ends with %s for %s', async (code, _, make) => {
    await expect(loadStudyVolume(make(), { modality: 'MR' })).rejects.toMatchObject({ code });
  });

  it('finds a missing slice, and a cut last slice that leaves no gap', async () => {
    const study = series('t2', 1, { modality: 'MR' }, 6);
    const last = readFileSync(join(study, 't2-6.dcm'));
    writeFileSync(join(study, 't2-6.dcm'), last.subarray(0, -4));
    await expect(loadStudyVolume(study)).rejects.toMatchObject({ code: 'DICOM_TRUNCATED' });
    writeFileSync(join(study, 't2-6.dcm'), last);
    rmSync(join(study, 't2-3.dcm'));
    await expect(loadStudyVolume(study)).rejects.toMatchObject({ code: 'SERIES_MISSING_SLICE' });
  });

  it('warns of an unreadable slice beside the series, and is not stopped by a cut one of another', async () => {
    const study = series('t2', 1, { modality: 'MR' }, 6);
    const last = readFileSync(join(study, 't2-6.dcm'));
    last.write('no place', last.indexOf('0\\0\\15'));
    writeFileSync(join(study, 't2-6.dcm'), last);
    const other = buildDicom({ modality: 'MR', seriesInstanceUid: '1.99' });
    put('study/other.dcm', other.subarray(0, -4));
    const { volume: loaded, findings } = await loadStudyVolume(study);
    expect(loaded.grid.size[2]).toBe(5);
    expect(findings).toMatchObject([
      { code: 'series-may-be-incomplete', severity: 'warning', details: { count: 1 } },
      { code: 'file-failed' },
      { code: 'file-failed' },
    ]);
  });
});
