import { describe, expect, it } from 'vitest';
import { absoluteError, weightedSum } from '../../../../src-main/learn/losses/pixel.ts';
import {
  normaliseWeights,
  rawWeights,
  smoothWeights,
} from '../../../../src-main/learn/reweighting/weightMap.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { multiply } from '../../../../src-main/tensor/primitives/elementwise.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { compute, executorsUnderTest } from '../../tensor/executorsUnderTest.ts';

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

describe.each(executorsUnderTest)('weight maps on %s', (_name, open) => {
  const within = async <T>(use: (executor: Executor) => Promise<T>): Promise<T> => {
    const executor = await open();
    try {
      return await use(executor);
    } finally {
      await executor.dispose();
    }
  };
  const normalised = (values: Float32Array): Promise<Float32Array> =>
    within(async (executor) => {
      const u = input('u', [2, 1, 4, 4]);
      return (await compute(executor, { w: normaliseWeights(u) }, { u: values })).w;
    });
  const smoothed = (values: Float32Array, size: number): Promise<Float32Array> =>
    within(async (executor) => {
      const u = input('u', [1, 1, 5, 6]);
      return (await compute(executor, { u: smoothWeights(u, size) }, { u: values })).u;
    });

  it('keep the positive part, summing to 1 over the whole mini-batch', async () => {
    const random = createRandom(1);
    for (const scale of [1, 1e-12, 1e6]) {
      const u = Float32Array.from({ length: 32 }, () => scale * random.normal());
      const w = await normalised(u);
      const total = sumOf(u.map((value) => Math.max(value, 0)));
      expect(sumOf(w)).toBeCloseTo(1, 5);
      w.forEach((value, at) => expect(value).toBeCloseTo(Math.max(u[at]!, 0) / total, 6));
    }
  });

  it('are 0 everywhere, not NaN, where no u is positive', async () => {
    const negative = Float32Array.from({ length: 32 }, (_, at) => -at);
    for (const u of [negative, new Float32Array(32)])
      expect((await normalised(u)).every((value) => value === 0)).toBe(true);
  });

  it('give all the weight to a single positive pixel', async () => {
    const u = new Float32Array(32).fill(-1);
    u[7] = 1e-20;
    const w = await normalised(u);
    expect(w[7]).toBeCloseTo(1, 6);
    expect(sumOf(w)).toBeCloseTo(1, 6);
  });

  it('are averaged over the part of the window inside the image', async () => {
    const ones = new Float32Array(30).fill(1);
    for (const size of [3, 5])
      for (const value of await smoothed(ones, size)) expect(value).toBeCloseTo(1, 6);
    const random = createRandom(2);
    const u = Float32Array.from({ length: 30 }, () => random.normal());
    const mean = await smoothed(u, 3);
    const window = (rows: number[], columns: number[]): number =>
      rows.flatMap((row) => columns.map((column) => u[row * 6 + column]!)).reduce((a, b) => a + b) /
      (rows.length * columns.length);
    expect(mean[0]).toBeCloseTo(window([0, 1], [0, 1]), 6);
    expect(mean[2 * 6 + 5]).toBeCloseTo(window([1, 2, 3], [4, 5]), 6);
    expect(mean[2 * 6 + 3]).toBeCloseTo(window([1, 2, 3], [2, 3, 4]), 6);
  });

  it('are left alone by a window of 1', async () => {
    const u = input('u', [1, 1, 5, 6]);
    expect(smoothWeights(u, 1)).toBe(u);
  });

  it('are the derivative of each pixel’s loss along the direction', async () => {
    // ℓ = |a·x − y|, so ∂ℓ/∂a along d is d·sign(a·x − y)·x.
    const [x, y] = [Float32Array.of(1, 2, -3, 0.5), Float32Array.of(5, 1, 1, -1)];
    const a = input('a', [1, 1, 1, 1]);
    const loss = absoluteError(multiply(input('x', [1, 1, 2, 2]), a), input('y', [1, 1, 2, 2]));
    const u = rawWeights(loss, { a }, { a: input('d', [1, 1, 1, 1]) });
    const values = await within((executor) =>
      compute(executor, { u }, { a: Float32Array.of(2), d: Float32Array.of(-0.5), x, y }),
    );
    expect([...values.u]).toEqual([0.5, -1, -1.5, -0.25]);
  });

  it('weigh the loss without a factor of their own', async () => {
    const map = input('map', [1, 1, 2, 2]);
    const weights = input('weights', [1, 1, 2, 2]);
    const { loss } = await within((executor) =>
      compute(
        executor,
        { loss: weightedSum(weights, map) },
        { map: Float32Array.of(1, 2, 3, 4), weights: new Float32Array(4).fill(0.25) },
      ),
    );
    expect(loss[0]).toBeCloseTo(2.5, 6);
  });
});
