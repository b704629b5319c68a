import { describe, expect, it } from 'vitest';
import { boneDice } from '../../../../src-main/imaging/metrics/boneDice.ts';
import { mutualInformation } from '../../../../src-main/imaging/metrics/mutualInformation.ts';
import { structuralSimilarity } from '../../../../src-main/imaging/metrics/structuralSimilarity.ts';
import { surfaceDistance } from '../../../../src-main/imaging/metrics/surfaceDistance.ts';
import { synthRad2023Metrics } from '../../../../src-main/imaging/metrics/synthRad2023.ts';
import { tissueErrors } from '../../../../src-main/imaging/metrics/tissueErrors.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';

const size: Vector3 = [11, 10, 9];
const count = 11 * 10 * 9;
const random = createRandom(4);
const ct = Float32Array.from({ length: count }, () => Math.round(200 * random.normal()));
const sct = Float32Array.from(ct, (value) => value + Math.round(60 * random.normal()));
const everywhere = new Uint8Array(count).fill(1);

/** SSIM by its definition, every window on its own. */
function plainSsim(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  mask: ArrayLike<number>,
  range: number,
): number {
  const [nx, ny, nz] = size;
  const scores: number[] = [];
  for (let k = 3; k < nz - 3; k++) {
    for (let j = 3; j < ny - 3; j++) {
      for (let i = 3; i < nx - 3; i++) {
        if (!mask[i + nx * (j + ny * k)]) continue;
        const pairs: [number, number][] = [];
        for (let w = -3; w <= 3; w++)
          for (let v = -3; v <= 3; v++)
            for (let u = -3; u <= 3; u++) {
              const at = i + u + nx * (j + v + ny * (k + w));
              pairs.push([a[at]!, b[at]!]);
            }
        const mean = (f: (pair: [number, number]) => number): number =>
          pairs.reduce((sum, pair) => sum + f(pair), 0) / 343;
        const [ma, mb] = [mean(([x]) => x), mean(([, y]) => y)];
        const va = (mean(([x]) => (x - ma) ** 2) * 343) / 342;
        const vb = (mean(([, y]) => (y - mb) ** 2) * 343) / 342;
        const vab = (mean(([x, y]) => (x - ma) * (y - mb)) * 343) / 342;
        const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
        scores.push(((2 * ma * mb + c1) * (2 * vab + c2)) / ((ma ** 2 + mb ** 2 + c1) * (va + vb + c2)));
      }
    }
  }
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

describe('structuralSimilarity', () => {
  const plane = size[0] * size[1];
  const fill = (k: number, a: Float64Array, b: Float64Array): void => {
    a.set(ct.subarray(plane * k, plane * (k + 1)));
    b.set(sct.subarray(plane * k, plane * (k + 1)));
  };

  it('equals the definition in every window', () => {
    const mask = Uint8Array.from({ length: count }, (_, at) => (at % 3 ? 1 : 0));
    const fast = structuralSimilarity(fill, mask, size, 1000);
    expect(fast).toBeCloseTo(plainSsim(ct, sct, mask, 1000), 11);
  });

  it('equals it where the mask is a corner of the volume, whose windows alone are looked at', () => {
    const mask = Uint8Array.from({ length: count }, (_, at) => {
      const [i, j, k] = [at % size[0], Math.floor(at / size[0]) % size[1], Math.floor(at / plane)];
      return i > size[0] - 6 && j < 6 && k > 3 ? 1 : 0;
    });
    const fast = structuralSimilarity(fill, mask, size, 1000);
    expect(fast).toBeCloseTo(plainSsim(ct, sct, mask, 1000), 11);
  });

  it('is undefined without a masked voxel 3 voxels inside the volume', () => {
    const rim = Uint8Array.from({ length: count }, (_, at) => (at % size[0] < 3 ? 1 : 0));
    expect(structuralSimilarity(fill, rim, size, 1000)).toBeNull();
    expect(structuralSimilarity(fill, new Uint8Array(count), size, 1000)).toBeNull();
  });
});

describe('synthRad2023Metrics', () => {
  it('gives 40 dB for a constant error of a hundredth of the range', () => {
    const shifted = Float64Array.from(ct, (value) => value + 40.24);
    const { maeHu, psnrDb } = synthRad2023Metrics(ct, shifted, everywhere, size);
    expect(maeHu).toBeCloseTo(40.24, 9);
    expect(psnrDb).toBeCloseTo(40, 9);
  });

  it('gives an SSIM of one and no PSNR for equal volumes', () => {
    const same = synthRad2023Metrics(ct, ct, everywhere, size);
    expect(same).toEqual({ maskVoxels: count, maeHu: 0, psnrDb: null, ssim: expect.closeTo(1, 12) });
  });

  it('clips to −1024…3000 for PSNR and SSIM and not for MAE', () => {
    const dense = Float32Array.from(ct, () => 3000);
    const denser = Float32Array.from(ct, () => 3500);
    const { maeHu, psnrDb, ssim } = synthRad2023Metrics(dense, denser, everywhere, size);
    expect([maeHu, psnrDb, ssim]).toEqual([500, null, expect.closeTo(1, 12)]);
  });

  it('does not see what lies outside the mask', () => {
    const mask = Uint8Array.from({ length: count }, (_, at) => (at % 11 < 7 ? 1 : 0));
    const noisy = Float32Array.from(sct, (value, at) => (mask[at] ? value : 2500));
    const seen = synthRad2023Metrics(ct, noisy, mask, size);
    expect(seen).toEqual(synthRad2023Metrics(ct, sct, mask, size));
  });

  it('says null where a figure is undefined', () => {
    const empty = synthRad2023Metrics(ct, sct, new Uint8Array(count), size);
    expect(empty).toEqual({ maskVoxels: 0, maeHu: null, psnrDb: null, ssim: null });
    const thin = synthRad2023Metrics(
      ct.subarray(0, 110),
      sct.subarray(0, 110),
      everywhere.subarray(0, 110),
      [11, 10, 1],
    );
    expect(thin.ssim).toBeNull();
    expect(thin.maeHu).toBeGreaterThan(0);
  });

  it('refuses values that are not numbers inside the mask', () => {
    const broken = sct.slice();
    broken[17] = NaN;
    expect(() => synthRad2023Metrics(ct, broken, everywhere, size)).toThrow(AppError);
    const mask = everywhere.slice();
    mask[17] = 0;
    expect(synthRad2023Metrics(ct, broken, mask, size).ssim).toBeGreaterThan(0);
  });
});

describe('tissueErrors', () => {
  it('splits by the reference and keeps the sign', () => {
    const reference = [-900, -250, -200, 0, 150, 151, 900, 5000];
    const synthetic = [-890, -260, -190, 10, 130, 251, 800, 0];
    const mask = [1, 1, 1, 1, 1, 1, 1, 0];
    expect(tissueErrors(reference, synthetic, mask)).toEqual({
      body: { voxels: 7, meanErrorHu: 0, maeHu: 260 / 7 },
      air: { voxels: 2, meanErrorHu: 0, maeHu: 10 },
      soft: { voxels: 3, meanErrorHu: 0, maeHu: 40 / 3 },
      bone: { voxels: 2, meanErrorHu: 0, maeHu: 100 },
    });
  });

  it('has no mean for an empty class', () => {
    expect(tissueErrors([0], [5], [1]).bone).toEqual({ voxels: 0, meanErrorHu: null, maeHu: null });
  });
});

describe('boneDice', () => {
  it('is the overlap of the voxels above the threshold inside the mask', () => {
    expect(boneDice([300, 300, 100, 300], [300, 200, 300, 300], [1, 1, 1, 0], 250)).toBeCloseTo(0.5, 12);
    expect(boneDice([300, 0], [0, 300], [1, 1], 250)).toBe(0);
  });

  it('is undefined without bone', () => {
    expect(boneDice([0, 400], [0, 400], [1, 0], 150)).toBeNull();
  });
});

describe('surfaceDistance', () => {
  const grid: Vector3 = [20, 16, 8];
  const ball = (cx: number, r: number): Uint8Array =>
    Uint8Array.from({ length: 20 * 16 * 8 }, (_, at) => {
      const [i, j, k] = [at % 20, Math.floor(at / 20) % 16, Math.floor(at / 320)];
      return Math.hypot(i - cx, j - 8, 2 * (k - 4)) <= r ? 1 : 0;
    });

  it('is zero between equal masks and symmetric between others', () => {
    const [a, b] = [ball(8, 5), ball(11, 6)];
    expect(surfaceDistance(a, a, grid, [1, 1, 2])).toEqual({ meanMm: 0, hd95Mm: 0 });
    expect(surfaceDistance(a, b, grid, [1, 1, 2])).toEqual(surfaceDistance(b, a, grid, [1, 1, 2]));
  });

  it('measures in millimetres along each axis', () => {
    const at = (i: number, j: number, k: number): Uint8Array => {
      const mask = new Uint8Array(20 * 16 * 8);
      mask[i + 20 * (j + 16 * k)] = 1;
      return mask;
    };
    const far = surfaceDistance(at(2, 3, 1), at(5, 3, 5), grid, [0.5, 1, 2.5]);
    expect(far?.meanMm).toBeCloseTo(Math.hypot(1.5, 10), 6);
    expect(far?.hd95Mm).toBeCloseTo(Math.hypot(1.5, 10), 6);
  });

  it('has no surface where the field of view cuts the bone', () => {
    const column = (until: number): Uint8Array =>
      Uint8Array.from({ length: 64 }, (_, at) => (at % 16 < until ? 1 : 0));
    expect(surfaceDistance(column(12), column(8), [4, 4, 4], [1, 1, 1])).toEqual({ meanMm: 1, hd95Mm: 1 });
  });

  it('is undefined when one is empty', () => {
    expect(surfaceDistance(ball(8, 5), new Uint8Array(2560), grid, [1, 1, 1])).toBeNull();
  });
});

describe('mutualInformation', () => {
  const mr = Float32Array.from({ length: 20000 }, () => random.uniform() * 800);

  it('is the entropy for a one-to-one relation and near zero for independent volumes', () => {
    const linked = Float32Array.from(mr, (value) => 1500 - value * 3);
    const other = Float32Array.from(mr, () => random.uniform() * 2000 - 700);
    const inside = new Uint8Array(20000).fill(1);
    const close = mutualInformation(linked, mr, inside, {
      bins: 16,
      mrPercentiles: [0, 100],
      ctRangeHu: [-900, 1500],
    });
    expect(close?.normalised).toBeGreaterThan(1.9);
    expect(close?.mutualInformation).toBeCloseTo(Math.log(16), 1);
    const far = mutualInformation(other, mr, inside, { bins: 16 });
    expect(far?.normalised).toBeLessThan(1.01);
    expect(far?.mutualInformation).toBeLessThan(0.02);
  });

  it('falls when one of two aligned volumes is shifted', () => {
    const wave = Float32Array.from({ length: 20000 }, (_, at) => 100 * Math.round(3 * Math.sin(at / 40)));
    const shifted = Float32Array.from(wave, (_, at) => wave[(at + 20) % 20000]!);
    const inside = new Uint8Array(20000).fill(1);
    const [aligned, moved] = [
      mutualInformation(wave, wave, inside),
      mutualInformation(shifted, wave, inside),
    ];
    expect(aligned!.mutualInformation).toBeGreaterThan(moved!.mutualInformation + 0.3);
  });

  it('is undefined for an empty mask and for constants', () => {
    expect(mutualInformation([1, 2], [1, 2], [0, 0])).toBeNull();
    expect(mutualInformation([1, 1], [2, 2], [1, 1])).toBeNull();
  });
});
