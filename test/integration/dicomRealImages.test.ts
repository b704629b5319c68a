/** DICOM readers on public images: known results of each set. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assembleVolume, type AssembledVolume } from '../../src-main/formats/dicom/assembleVolume.ts';
import {
  groupSeries,
  type GroupedSeries,
  type SeriesGroup,
} from '../../src-main/formats/dicom/groupSeries.ts';
import { readDicomFrames, type DicomHeader } from '../../src-main/formats/dicom/readDicomHeader.ts';
import { readDicomImage } from '../../src-main/formats/dicom/readDicomImage.ts';
import { AppError } from '../../src-main/shared/appError.ts';
import { decodeAllFrames } from '../fixtures/dicomFrames.ts';
import { largestDifference } from '../fixtures/largestDifference.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const prostateX = sharedData('picai_prep_prostatex');
const matrad = sharedData('matrad');
const encodings = sharedData('dcm_qa_ts');
const pydicom = sharedData('pydicom');
const dicom2nifti = sharedData('dicom2nifti');
const dicomParser = sharedData('dicomparser');

interface Scan {
  readonly headers: DicomHeader[];
  readonly refused: Map<string, string>;
}

/** Headers of every file below `folder`, and the error codes of those refused; anything but an AppError fails the test. */
function scan(folder: string): Scan {
  const headers: DicomHeader[] = [];
  const refused = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    try {
      headers.push(...readDicomFrames(readFileSync(path), path).headers);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.set(entry.name, error.code);
    }
  }
  return { headers, refused };
}

const group = (folder: string): GroupedSeries => groupSeries(scan(folder).headers);
const assemble = (found: SeriesGroup): Promise<AssembledVolume> =>
  assembleVolume(found, (name) => Promise.resolve(readFileSync(name)));

const smallest = (values: Iterable<number>): number => [...values].reduce((a, b) => Math.min(a, b));

async function only(folder: string): Promise<AssembledVolume> {
  const { groups } = group(folder);
  expect(groups).toHaveLength(1);
  return assemble(groups[0]!);
}

describe.skipIf(prostateX === null)('ProstateX-0000', () => {
  it('is nine volumes: the diffusion series is split by its three b-values', () => {
    const { groups } = group(join(prostateX!, 'ProstateX-0000'));
    expect(groups.map(({ label, headers }) => `${label}: ${headers.length}`)).toEqual([
      '3 t2_tse_sag: 19',
      '4 t2_tse_tra: 19',
      '5 t2_tse_cor: 15',
      '6 ep2d_diff_tra_DYNDIST (b-value 50): 19',
      '6 ep2d_diff_tra_DYNDIST (b-value 400): 19',
      '6 ep2d_diff_tra_DYNDIST (b-value 800): 19',
      '7 ep2d_diff_tra_DYNDIST_ADC: 19',
      '8 ep2d_diff_tra_DYNDISTCALC_BVAL: 19',
      '9 tfl_3d PD ref_tra_1.5x1.5_t3: 16',
    ]);
    expect(groups.filter(({ problem }) => problem)).toEqual([]);
  });

  it('has an axial T2 that is oblique by 18 degrees and lies feet first', async () => {
    const { groups } = group(join(prostateX!, 'ProstateX-0000'));
    const { volume, source } = await assemble(groups.find(({ label }) => label === '4 t2_tse_tra')!);
    expect(volume.grid.size).toEqual([384, 384, 19]);
    expect(source.patientPosition).toBe('FFS');
    const [rowX, , , , columnY, columnZ] = source.imageOrientationPatient;
    expect(rowX).toBeCloseTo(1, 5);
    expect((Math.atan2(-columnZ, columnY) * 180) / Math.PI).toBeCloseTo(18.46, 1);
    expect(source.spacingMm.map((value) => Number(value.toFixed(3)))).toEqual([0.5, 0.5, 3]);
  });

  it('with missing_slice beside it: its copies are dropped', () => {
    const { groups } = group(prostateX!);
    expect(groups).toHaveLength(9);
    expect(groups.flatMap(({ duplicates }) => duplicates)).toHaveLength(18);
  });

  it('missing_slice alone: its gap is found', async () => {
    const { groups } = group(join(prostateX!, 'missing_slice'));
    await expect(assemble(groups[0]!)).rejects.toMatchObject({
      code: 'SERIES_MISSING_SLICE',
      details: {
        reason:
          '1 of 19 slices missing, slices are 3.00 to 6.00 mm apart, first between 1-07.dcm and 1-05.dcm',
      },
    });
  });
});

describe.skipIf(matrad === null)('matRad', () => {
  it('real and fake CT differ exactly as their makers say', async () => {
    const patient = join(matrad!, 'liver_synthetic_ct_pat001');
    const real = await only(join(patient, 'real_CT'));
    const fake = await only(join(patient, 'fake_CT'));
    expect(real.volume.grid).toEqual(fake.volume.grid);
    expect(real.volume.grid.size).toEqual([217, 217, 168]);
    expect(real.source.frameOfReferenceUid).toBe(fake.source.frameOfReferenceUid);
    let sum = 0;
    let bodySum = 0;
    let bodyCount = 0;
    real.volume.data.forEach((value: number, at: number) => {
      const error = Math.abs(value - fake.volume.data[at]!);
      sum += error;
      if (value > -500) {
        bodySum += error;
        bodyCount++;
      }
    });
    expect(sum / real.volume.data.length).toBeCloseTo(9.1509, 4);
    expect(bodySum / bodyCount).toBeCloseTo(37.669, 3);
  });
});

describe.skipIf(encodings === null)('dcm_qa_ts', () => {
  it('one image in nine encodings reads equal from all of them', async () => {
    const read = (name: string) => readDicomImage(readFileSync(join(encodings!, name)), name);
    const images = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => read(`${n}.dcm`)));
    expect(new Set(images.map(({ header }) => header.transferSyntaxUid)).size).toBe(7);
    const [first, ...others] = images.map(({ values }) => values);
    for (const values of others) expect(largestDifference(values, first!)).toBe(0);
    expect([first!.reduce((a, b) => Math.min(a, b)), first!.reduce((a, b) => Math.max(a, b))]).toEqual([
      0, 2362,
    ]);
  });

  it('is a mosaic, which is no volume and says so', async () => {
    const { groups } = group(encodings!);
    await expect(assemble(groups[0]!)).rejects.toThrow(/Siemens mosaic/);
  });
});

describe.skipIf(pydicom === null)('pydicom', () => {
  const read = (name: string) => readDicomImage(readFileSync(join(pydicom!, name)), name);

  it('small MR reads equal from every encoding, and its truncated copy is refused', async () => {
    const { values } = await read('test_files/MR_small.dcm');
    for (const name of ['implicit', 'bigendian', 'padded', 'RLE', 'jp2klossless', 'jpeg_ls_lossless']) {
      expect((await read(`test_files/MR_small_${name}.dcm`)).values, name).toEqual(values);
    }
    await expect(read('test_files/MR_truncated.dcm')).rejects.toThrow(/8130 of 8192 bytes/);
  });

  it('JPEG 2000 reads as the plain copy does, whatever its header says of sign and bits', async () => {
    for (const [compressed, plain] of [
      ['data_store/693_J2KR.dcm', 'data_store/693_UNCR.dcm'],
      ['test_files/693_J2KI.dcm', 'data_store/693_UNCI.dcm'],
      ['data_store/MR2_J2KR.dcm', 'data_store/MR2_UNCR.dcm'],
    ] as const) {
      const difference = largestDifference((await read(compressed)).values, (await read(plain)).values);
      expect(difference, compressed).toBe(0);
    }
    // The codestream says unsigned, the image signed: padding is -2000, not 6192.
    const { values } = await read('test_files/J2K_pixelrep_mismatch.dcm');
    expect([values[0], smallest(values)]).toEqual([-2000, -2000]);
  });

  it('frames of one file read equal from RLE, JPEG-LS, JPEG 2000 and as they are; a cut stream is refused', async () => {
    const decode = (name: string) => {
      const path = join(pydicom!, 'data_store', `emri_small${name}.dcm`);
      return decodeAllFrames(readFileSync(path), name);
    };
    const { frames } = await decode('');
    expect(frames).toHaveLength(10);
    for (const name of ['_big_endian', '_RLE', '_jpeg_ls_lossless', '_jpeg_2k_lossless']) {
      expect(
        (await decode(name)).frames.map(({ words }) => [...words]),
        name,
      ).toEqual(frames.map(({ words }) => [...words]));
    }
    await expect(decode('_jpeg_2k_lossless_too_short')).rejects.toMatchObject({ code: 'DICOM_TRUNCATED' });
  });

  it('an enhanced CT is a stack of its frames', async () => {
    const { headers } = readDicomFrames(
      readFileSync(join(pydicom!, 'data_store/eCT_Supplemental.dcm')),
      'eCT',
    );
    const { groups } = groupSeries(headers);
    expect(groups.map(({ headers: frames }) => frames.map(({ frame }) => frame).sort())).toEqual([[0, 1]]);
  });

  it('odd, broken and foreign files are refused with a reason, never with a crash', () => {
    const { refused, headers } = scan(pydicom!);
    expect(headers).toHaveLength(48);
    const count = (code: string): number => [...refused.values()].filter((value) => value === code).length;
    expect(refused.get('rtstruct.dcm')).toBe('DICOM_NO_IMAGE');
    expect(refused.get('emri_small.dcm')).toBe('DICOM_UNSUPPORTED');
    expect(refused.get('rtplan_truncated.dcm')).toBe('DICOM_TRUNCATED');
    expect(count('FILE_UNREADABLE')).toBe(0);
  });
});

describe.skipIf(dicom2nifti === null)('dicom2nifti', () => {
  it('stacks with uneven slices are refused', async () => {
    const folder = join(dicom2nifti!, 'failing/sliceincrement');
    for (const [name, range] of [
      ['001', '5.00 to 10.00'],
      ['002', '0.75 to 1.50'],
    ] as const) {
      await expect(only(join(folder, name))).rejects.toThrow(range);
    }
  });

  it('four images at one place are four volumes, told apart by their acquisition', () => {
    const { groups } = group(join(dicom2nifti!, 'failing/notavolume'));
    expect(groups.map(({ headers }) => headers.length)).toEqual([1, 1, 1, 1]);
  });

  it('non-square pixels and a fractional rescale come through', async () => {
    const { volume } = await only(join(dicom2nifti!, 'generic/anatomical/002_non_isotropic'));
    expect(volume.data).toBeInstanceOf(Float32Array);
    expect(volume.grid.size).toEqual([64, 28, 4]);
    expect(smallest(volume.data)).toBeCloseTo(33.4438, 4);
  });
});

describe.skipIf(dicomParser === null)('dicomParser', () => {
  it('padding outside the scanned circle is air, not -3024 HU', async () => {
    const { groups } = group(dicomParser!);
    expect(groups.flatMap(({ duplicates }) => duplicates)).toHaveLength(7);
    const { volume } = await assemble(groups[0]!);
    expect([volume.data[0], smallest(volume.data)]).toEqual([-1024, -1024]);
  });
});
