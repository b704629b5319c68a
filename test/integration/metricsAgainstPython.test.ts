/** Metrics and the distance transform against scikit-image, scipy and numpy, on random and on real volumes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNifti } from '../../src-main/formats/nifti/readNifti.ts';
import { squaredDistance } from '../../src-main/imaging/mask/distanceTransform.ts';
import { mutualInformation } from '../../src-main/imaging/metrics/mutualInformation.ts';
import { surfaceDistance } from '../../src-main/imaging/metrics/surfaceDistance.ts';
import { synthRad2023Metrics } from '../../src-main/imaging/metrics/synthRad2023.ts';
import type { Vector3 } from '../../src-main/shared/affine.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { findPython, runPython } from '../fixtures/python.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const modules = ['numpy', 'scipy', 'skimage'];
const hasPython = findPython(modules) !== null;
const folder = mkdtempSync(join(tmpdir(), 'ilium-metrics-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Pair {
  readonly name: string;
  readonly size: Vector3;
  readonly spacing: Vector3;
  readonly ct: Float64Array;
  readonly sct: Float64Array;
  readonly mask: Float64Array;
}

function randomPair(): Pair {
  const random = createRandom(11);
  const size: Vector3 = [40, 31, 17];
  const count = 40 * 31 * 17;
  const ct = Float64Array.from({ length: count }, () => 800 * random.normal() - 100);
  const sct = Float64Array.from(ct, (value) => value + 150 * random.normal());
  const mask = Float64Array.from({ length: count }, () => (random.uniform() < 0.7 ? 1 : 0));
  return { name: 'random volumes', size, spacing: [0.9, 1.3, 2.5], ct, sct, mask };
}

/** The real pelvis CT, and as its synthetic CT a blurred copy shifted by a voxel with a tissue-dependent error. */
function realPair(): Pair | null {
  const data = sharedData('totalsegmentator');
  if (data === null) return null;
  const { grid, data: hu } = readNifti(readFileSync(join(data, 'example_ct.nii.gz')), 'example_ct');
  const ct = Float64Array.from(hu);
  const sct = ct.map((value, at) => 0.6 * value + 0.4 * (ct[at + 1] ?? value) + (value > 150 ? -90 : 12));
  const mask = ct.map((value, at) => (value > -300 || at % 7 === 0 ? 1 : 0));
  return { name: 'a real pelvis CT', size: grid.size, spacing: [3, 3, 3], ct, sct, mask };
}

const reference = `
import sys, json, numpy as np
from skimage.metrics import structural_similarity, normalized_mutual_information
from skimage.util.arraycrop import crop
from scipy.ndimage import distance_transform_edt, binary_erosion
folder, nz, ny, nx, dz, dy, dx = sys.argv[1], *map(int, sys.argv[2:5]), *map(float, sys.argv[5:8])
ct, sct, mask = (np.fromfile(f'{folder}/{n}.f64').reshape(nz, ny, nx) for n in ('ct', 'sct', 'mask'))
inside = mask > 0
a, b = np.clip(ct, -1024, 3000), np.clip(sct, -1024, 3000)
out = {'mae': np.abs(ct - sct)[inside].mean(), 'psnr': 10 * np.log10(4024**2 / ((a - b)[inside]**2).mean())}
a, b = np.where(inside, a, -1024) + 1024, np.where(inside, b, -1024) + 1024
full = structural_similarity(a, b, data_range=4024, win_size=7, full=True)[1]
out['ssim'] = crop(full, 3)[crop(inside, 3)].mean()
# Bone surfaces; beyond the grid counts as bone, so a bone cut by the field of view has no surface there.
def surface(v): return v & ~binary_erosion(v, border_value=1)
s, t = surface(inside & (ct > 250)), surface(inside & (sct > 250))
to_s, to_t = (distance_transform_edt(~v, sampling=(dz, dy, dx)) for v in (s, t))
there, back = to_t[s], to_s[t]
out['mean'] = np.concatenate([there, back]).mean()
out['hd95'] = max(np.percentile(there, 95), np.percentile(back, 95))
distance_transform_edt(mask == 0, sampling=(dz, dy, dx)).tofile(f'{folder}/edt.f64')
u, v = np.clip(ct, -1000, 1500)[inside], sct[inside]
v = np.clip(v, *np.percentile(v, [0.5, 99.5]))
out['nmi'] = normalized_mutual_information(u, v, bins=64)
h = np.histogram2d(u, v, bins=64)[0] / u.size
p, q = h.sum(1, keepdims=True), h.sum(0, keepdims=True)
with np.errstate(divide='ignore', invalid='ignore'): out['mi'] = np.nansum(h * np.log(h / (p * q)))
out['spans'] = bool(u.min() == -1000 and u.max() == 1500)
print(json.dumps({k: v if isinstance(v, bool) else float(v) for k, v in out.items()}))
`;

interface Expected {
  readonly mae: number;
  readonly psnr: number;
  readonly ssim: number;
  readonly mean: number;
  readonly hd95: number;
  readonly nmi: number;
  readonly mi: number;
  readonly spans: boolean;
}

const pairs = [randomPair(), realPair()].filter((pair) => pair !== null);

describe.runIf(hasPython).each(pairs)('metrics of $name', ({ size, spacing, ct, sct, mask }) => {
  for (const [name, values] of Object.entries({ ct, sct, mask })) {
    writeFileSync(join(folder, `${name}.f64`), new Uint8Array(values.buffer));
  }
  const args = [folder, ...[...size].reverse().map(String), ...[...spacing].reverse().map(String)];
  const expected = JSON.parse(runPython(reference, { modules, args })) as Expected;
  const edt = new Float64Array(new Uint8Array(readFileSync(join(folder, 'edt.f64'))).buffer);

  it('MAE, PSNR and SSIM equal the official computation', () => {
    const { maeHu, psnrDb, ssim } = synthRad2023Metrics(ct, sct, mask, size);
    expect(maeHu).toBeCloseTo(expected.mae, 9);
    expect(psnrDb).toBeCloseTo(expected.psnr, 9);
    expect(ssim).toBeCloseTo(expected.ssim, 9);
  });

  it('bone surface distances equal those from scipy', () => {
    const bone = (values: Float64Array): Uint8Array =>
      Uint8Array.from(values, (value, at) => (mask[at] && value > 250 ? 1 : 0));
    const ours = surfaceDistance(bone(ct), bone(sct), size, spacing);
    expect(ours?.meanMm).toBeCloseTo(expected.mean, 6);
    expect(ours?.hd95Mm).toBeCloseTo(expected.hd95, 6);
  });

  it('the distance transform equals that of scipy everywhere', () => {
    let worst = 0;
    squaredDistance(mask, size, spacing).forEach((value, at) => {
      worst = Math.max(worst, Math.abs(Math.sqrt(value) - edt[at]!));
    });
    expect(worst).toBeLessThan(1e-5);
  });

  it('mutual information equals that from the histogram of numpy and scikit-image', () => {
    expect(expected.spans).toBe(true);
    const ours = mutualInformation(ct, sct, mask);
    expect(ours?.mutualInformation).toBeCloseTo(expected.mi, 9);
    expect(ours?.normalised).toBeCloseTo(expected.nmi, 9);
  });
});
