import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';
import { affineSpacing } from '../../../../src-main/shared/affine.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';
import type { ModelCard } from '../../../../src-main/workflows/model/modelCard.ts';
import {
  synthesizeVolume,
  type Synthesis,
  type SynthesizeOptions,
} from '../../../../src-main/workflows/synthesize/synthesizeVolume.ts';
import { cardOf, openLinearModel } from './linearModel.ts';
import { fillVolume, gridAboutOrigin, indexOf, rampAt, turned } from './ramps.ts';

const axial: readonly [Vector3, Vector3, Vector3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** i to posterior, j to the feet, k to the patient's left: how a sagittal series is stored. */
const sagittal: typeof axial = [
  [0, 1, 0],
  [0, 0, -1],
  [1, 0, 0],
];
/** Feet first, face up: columns run to the patient's right, slices to the feet. */
const feetFirst: typeof axial = [
  [-1, 0, 0],
  [0, 1, 0],
  [0, 0, -1],
];

const options = { subject: 'test' };

async function synthesize(
  mr: Volume,
  weights: readonly number[],
  card: ModelCard,
  more: Partial<SynthesizeOptions> = {},
): Promise<Synthesis> {
  const model = await openLinearModel(weights);
  try {
    return await synthesizeVolume(mr, model, card, { ...options, ...more });
  } finally {
    await model.dispose();
  }
}

/** An ellipsoid of these half-axes in mm about the origin. */
const inside =
  ([a, b, c]: Vector3) =>
  ([x, y, z]: Vector3): number =>
    (x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2 <= 1 ? 1 : 0;

/** Whether all voxels within `radius` of this one, in the plane of the model's slices and across it, are in the mask. */
function isDeep({ grid, data }: Volume, [i, j, k]: Vector3, radius: number): boolean {
  const [nx, ny, nz] = grid.size;
  for (let c = k - radius; c <= k + radius; c++)
    for (let b = j - radius; b <= j + radius; b++)
      for (let a = i - radius; a <= i + radius; a++) {
        if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
        if (data[a + nx * (b + ny * c)] === 0) return false;
      }
  return true;
}

interface RampError {
  /** Largest |HU − expected| among voxels that no edge of the body touches. */
  readonly deep: number;
  /** Number of those voxels. */
  readonly count: number;
  /** Voxels outside the mask that are not −1024. */
  readonly strayOutside: number;
}

/** Compares a result with what the identity model must make of the ramp. */
function rampError({ sct, normalisation }: Synthesis, mask: Volume, radius = 2): RampError {
  const { low, high } = normalisation;
  let [deep, count, strayOutside] = [0, 0, 0];
  const expected = fillVolume(sct.grid, (place) => ((rampAt(place) - low) / (high - low)) * 2000 - 1000);
  sct.data.forEach((value, at) => {
    if (mask.data[at] === 0) strayOutside += value === -1024 ? 0 : 1;
    else if (isDeep(mask, indexOf(sct.grid, at), radius)) {
      count++;
      deep = Math.max(deep, Math.abs(value - expected.data[at]!));
    }
  });
  return { deep, count, strayOutside };
}

const ellipsoid: Vector3 = [36, 30, 18];
const sizes: Record<string, [Grid, Partial<ModelCard['input']>]> = {
  'an axial MR on the model’s own spacing': [gridAboutOrigin([44, 40, 14], [2, 2, 3], axial), {}],
  'an axial MR oblique by 18°': [gridAboutOrigin([50, 46, 16], [2, 2, 3], turned(axial, 18)), {}],
  'an oblique MR of another spacing': [
    gridAboutOrigin([60, 52, 16], [1.5, 1.7, 3], turned(axial, 18)),
    { spacingMm: [2, 2.3] },
  ],
  'a sagittal series': [gridAboutOrigin([42, 30, 26], [1.6, 1.4, 3.5], sagittal), {}],
  'a feet-first, flipped series': [gridAboutOrigin([44, 40, 14], [2, 2, 3], feetFirst), {}],
  'odd sizes and anisotropic voxels': [gridAboutOrigin([61, 37, 11], [1.3, 2.1, 4], axial), {}],
  'a body larger than the training crop': [
    gridAboutOrigin([80, 70, 13], [1.1, 1.1, 3], axial),
    { spacingMm: [1, 1], trainingCropPx: [32, 32] },
  ],
  'a body much smaller than the training crop': [
    gridAboutOrigin([44, 40, 14], [2, 2, 3], axial),
    { trainingCropPx: [64, 96] },
  ],
};

describe('synthesis on the MR’s own grid', () => {
  it.each(Object.entries(sizes))('puts every value where it belongs: %s', async (_name, [grid, input]) => {
    const mr = fillVolume(grid, rampAt);
    const mask = fillVolume(grid, inside(ellipsoid));
    const synthesis = await synthesize(mr, [1], cardOf(input), { mask });
    expect(synthesis.sct.grid).toBe(grid);
    const { low, high } = synthesis.normalisation;
    const { deep, count, strayOutside } = rampError(synthesis, mask);
    // Half a HU from rounding; a shift of a twentieth of a voxel would already be more.
    const spacing = Math.min(...affineSpacing(grid.indexToLps));
    expect((0.05 * spacing * 3 * 2000) / (high - low)).toBeGreaterThan(0.6);
    expect(deep).toBeLessThan(0.6);
    expect(count).toBeGreaterThan(500);
    expect(strayOutside).toBe(0);
  });

  it('holds the edge where the body reaches the border of the image on all sides', async () => {
    const grid = gridAboutOrigin([41, 37, 6], [1.3, 1.7, 3], turned(axial, 10));
    const mr = fillVolume(grid, rampAt);
    const everywhere = fillVolume(grid, () => 1);
    const synthesis = await synthesize(mr, [1], cardOf(), { mask: everywhere });
    const { low, high } = synthesis.normalisation;
    const { deep, strayOutside } = rampError(synthesis, everywhere);
    expect(strayOutside).toBe(0);
    // Beyond the outermost centres of the model grid the value is held: at most half a model voxel along i and along j.
    expect(deep).toBeLessThan(((1 * 5 + 1 * 3 + 4) * 2000) / (high - low));
    const [nx, ny] = grid.size;
    const inner = synthesis.sct.data.filter((_, at) => {
      const [i, j] = indexOf(grid, at);
      return i > 1 && j > 1 && i < nx - 2 && j < ny - 2;
    });
    const expected = fillVolume(grid, (place) => ((rampAt(place) - low) / (high - low)) * 2000 - 1000);
    const innerExpected = expected.data.filter((_, at) => {
      const [i, j] = indexOf(grid, at);
      return i > 1 && j > 1 && i < nx - 2 && j < ny - 2;
    });
    const errors = inner.map((value, at) => Math.round(Math.abs(value - innerExpected[at]!)));
    expect(Math.max(...errors)).toBe(0);
  });

  it('keeps the rim of a given outline, also where its size is a multiple of four', async () => {
    const grid = gridAboutOrigin([64, 64, 3], [1, 1, 3], axial);
    const mask = fillVolume(grid, (_, [i, j]) => (i >= 8 && i < 56 && j >= 8 && j < 56 ? 1 : 0));
    const flat = fillVolume(grid, (place) => 100 + (place[2] > 0 ? 1 : 0));
    // The network answers 500 HU everywhere, so any other value inside comes from beyond the window.
    const model = await openLinearModel([0], 0.5);
    const { sct } = await synthesizeVolume(flat, model, cardOf({ spacingMm: [1.5, 1.5] }), {
      ...options,
      mask,
    });
    await model.dispose();
    expect(new Set(sct.data)).toEqual(new Set([-1024, 500]));
    expect(sct.data.every((value, at) => (value === 500) === (mask.data[at] === 1))).toBe(true);
  });

  it('feeds neighbouring slices as channels, lower slice first in the patient, whatever the storage order', async () => {
    for (const axes of [axial, feetFirst]) {
      const grid = gridAboutOrigin([40, 40, 9], [2, 2, 3], axes);
      const mr = fillVolume(grid, rampAt);
      const mask = fillVolume(grid, () => 1);
      const card = cardOf({ channels: 3 });
      const own = await synthesize(mr, [0, 1, 0], card, { mask });
      const below = await synthesize(mr, [1, 0, 0], card, { mask });
      const above = await synthesize(mr, [0, 0, 1], card, { mask });
      const { low, high } = own.normalisation;
      const stepHu = (3 * 4 * 2000) / (high - low);
      const [lowest, highest] = axes === axial ? [0, 8] : [8, 0];
      own.sct.data.forEach((value, at) => {
        const [, , k] = indexOf(grid, at);
        expect(Math.abs(value - below.sct.data[at]! - (k === lowest ? 0 : stepHu))).toBeLessThanOrEqual(1);
        expect(Math.abs(above.sct.data[at]! - value - (k === highest ? 0 : stepHu))).toBeLessThanOrEqual(1);
      });
    }
  });

  it('finds the body itself and applies the card’s percentiles', async () => {
    const grid = gridAboutOrigin([60, 60, 8], [2, 2, 3], axial);
    const body = inside([35, 30, 200]);
    const mr = fillVolume(grid, (place) => (body(place) ? rampAt(place) : 3 + (place[0] & 1)));
    const { sct, normalisation } = await synthesize(mr, [1], cardOf({ mrPercentiles: [5, 99] }));
    expect([normalisation.lowPercentile, normalisation.highPercentile]).toEqual([5, 99]);
    expect(sct.data[0]).toBe(-1024);
    const centre = 30 + 60 * (30 + 60 * 4);
    const value = mr.data[centre]!;
    const expected = (2000 * (value - normalisation.low)) / (normalisation.high - normalisation.low) - 1000;
    expect(sct.data[centre]).toBe(Math.round(expected));
  });
});

describe('a model that does not fit its card', () => {
  const grid = gridAboutOrigin([40, 40, 3], [2, 2, 3], axial);
  const mr = fillVolume(grid, rampAt);
  const mask = fillVolume(grid, () => 1);

  it('is refused when it takes another number of channels', async () => {
    await expect(synthesize(mr, [1, 0, 0], cardOf(), { mask })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('linear'),
    });
  });

  it('is refused when it answers with what is no number', async () => {
    await expect(synthesize(mr, [NaN], cardOf(), { mask })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('not finite'),
    });
  });

  it('is refused when it answers with another size', async () => {
    const halving = { run: () => Promise.resolve(new Float32Array(7)), dispose: () => Promise.resolve() };
    await expect(synthesizeVolume(mr, halving, cardOf(), { ...options, mask })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/returns 7 values/),
    });
  });
});

describe('stopping', () => {
  it('is heeded between slices', async () => {
    const grid = gridAboutOrigin([40, 40, 5], [2, 2, 3], axial);
    const mr = fillVolume(grid, rampAt);
    const controller = new AbortController();
    const seen: number[] = [];
    const stopped = synthesize(mr, [1], cardOf(), {
      mask: fillVolume(grid, () => 1),
      signal: controller.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 2) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([1, 2]);
  });
});
