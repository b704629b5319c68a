import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFeatures } from '../../../src-main/learn/features/randomFeatures.ts';
import { featureNetworks, type FeatureWeights } from '../../../src-main/learn/losses/featureLosses.ts';
import { generatorSpecs } from '../../../src-main/learn/networks/generator.ts';
import { createCleanGradient } from '../../../src-main/learn/reweighting/cleanGradient.ts';
import { metaGradientStep } from '../../../src-main/learn/steps/metaGradientStep.ts';
import { createTrainer, type Batch } from '../../../src-main/learn/trainer.ts';
import type { TrainerConfig } from '../../../src-main/learn/trainerConfig.ts';
import { initialState, type TrainerState } from '../../../src-main/learn/trainerState.ts';
import { createRandom } from '../../../src-main/shared/random.ts';
import { createOnnxExecutor } from '../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { sizeOf } from '../../../src-main/tensor/tensor.ts';
import { countingExecutor, type CountingExecutor } from '../../fixtures/countingExecutor.ts';
import { abstractReweighting, randomImages, tinyTrainerConfig } from '../../fixtures/tinyTraining.ts';
import { compute } from '../tensor/executorsUnderTest.ts';

const pixels = 32 * 32;
let executor: CountingExecutor;
beforeAll(() => {
  executor = countingExecutor(createOnnxExecutor('cpu', { threads: 1 }));
});
afterAll(() => executor.dispose());

const batchOf = (seed: number, n: number): Batch => {
  const random = createRandom(seed);
  return { x: randomImages(random, n * pixels), y: randomImages(random, n * pixels) };
};
/** As `toEqual` says it, in a hundredth of the time. */
const expectSameState = (actual: TrainerState, expected: TrainerState): void => {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  const bytes = (values: Float32Array): Buffer =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  for (const [name, { data, shape }] of expected) {
    const own = actual.get(name)!;
    expect(own.shape, name).toEqual(shape);
    expect(bytes(own.data).equals(bytes(data)), name).toBe(true);
  }
};
const largest = (values: Float32Array): number =>
  values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

/** `steps` steps from `state`, each with its own batch; the state afterwards and the results. */
async function train(config: TrainerConfig, steps: number, state?: TrainerState, from = 0) {
  const trainer = createTrainer(config, executor, { ...(state && { state }), step: from });
  const results = [];
  for (let step = from; step < from + steps; step++)
    results.push(
      await trainer.advance(batchOf(step, 2), 2e-4, config.reweighting ? batchOf(1000 + step, 5) : null),
    );
  const after = await trainer.state();
  trainer.dispose();
  return { results, after };
}

describe('the gradient of the validation loss', () => {
  const { generator } = tinyTrainerConfig();
  const feeds = Object.fromEntries(
    [...initialState(tinyTrainerConfig())]
      .filter(([name]) => name.startsWith('generator.value.'))
      .map(([name, { data }]) => [name.replace('generator.value.', 'parameter.'), data]),
  );
  const gradientOf = async (metaMicroBatch: number, m: number) => {
    const computer = createCleanGradient({ generator, extents: [32, 32], metaMicroBatch }, executor);
    const { gradient, validation } = await computer.compute(batchOf(9, m), feeds);
    const values = new Map<string, Float32Array>();
    for (const [name, handle] of Object.entries(gradient)) {
      values.set(name, (await handle.read()).slice());
      handle.dispose();
    }
    computer.dispose();
    return { values, validation };
  };

  it('is the same in micro-batches of any size, also where the last one is smaller', async () => {
    const whole = await gradientOf(7, 7);
    for (const size of [1, 3, 4]) {
      const parts = await gradientOf(size, 7);
      expect(parts.validation).toBeCloseTo(whole.validation, 6);
      for (const [name, gradient] of whole.values) {
        const error = largest(gradient.map((value, at) => value - parts.values.get(name)![at]!));
        expect(error, name).toBeLessThanOrEqual(1e-5 * largest(gradient) + 1e-9);
      }
    }
  });

  it('equals the gradient of one graph over the whole batch', async () => {
    const { x, y } = batchOf(9, 3);
    const specs = generatorSpecs(generator);
    const zeros = Object.fromEntries(
      specs.map(({ name, shape }) => [`sum.${name}`, new Float32Array(sizeOf(shape))]),
    );
    const whole = await compute(executor, metaGradientStep(generator, [3, 32, 32]), {
      ...feeds, ...zeros, 'sum.loss': Float32Array.of(0), share: Float32Array.of(1), xv: x, yv: y,
    }); // prettier-ignore
    const parts = await gradientOf(2, 3);
    expect(parts.validation).toBeCloseTo(whole['sum.loss']![0]!, 6);
    for (const { name } of specs) {
      const gradient = whole[`sum.${name}`]!;
      const error = largest(gradient.map((value, at) => value - parts.values.get(name)![at]!));
      expect(error, name).toBeLessThanOrEqual(1e-5 * largest(gradient) + 1e-9);
    }
  });

  it('holds the same number of values for a meta batch of 4 and of 32', async () => {
    const peak = async (m: number): Promise<readonly [number, number]> => {
      executor.resetPeak();
      await gradientOf(4, m);
      return [executor.peakValues, executor.largestRun];
    };
    const before = executor.held;
    await gradientOf(4, 4);
    const small = await peak(8);
    expect(await peak(32)).toEqual(small);
    expect(executor.held).toBe(before);
  });

  it('needs images', async () => {
    await expect(gradientOf(4, 0)).rejects.toThrow(/meta batch is empty/);
  });
});

describe('a trainer', () => {
  it('repeats itself bit for bit, and another seed is another run', async () => {
    const first = await train(tinyTrainerConfig(), 3);
    expect(await train(tinyTrainerConfig(), 3)).toEqual(first);
    const other = await train(tinyTrainerConfig({ seed: 2 }), 3, initialState(tinyTrainerConfig()));
    expect(other.after).not.toEqual(first.after); // other dropout masks from the same start
  });

  it('goes on from a saved state as if it had never stopped', async () => {
    const config = tinyTrainerConfig({
      reweighting: { ...abstractReweighting, innerStep: 'preconditioned', smoothing: 3 },
    });
    const whole = await train(config, 4);
    const half = await train(config, 2);
    const rest = await train(config, 2, half.after, 2);
    expectSameState(rest.after, whole.after);
    expect(rest.results).toEqual(whole.results.slice(2));
  });

  it('weighs the pixels of a step to a sum of 1', async () => {
    const { results } = await train(tinyTrainerConfig(), 2);
    for (const { meta } of results) {
      expect(meta!.w.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 5);
      const positive = meta!.u.filter((u) => u > 0).length / meta!.u.length;
      expect(positive).toBeGreaterThan(0.2);
      expect(positive).toBeLessThan(0.8);
      meta!.w.forEach((w, at) => expect(w > 0).toBe(meta!.u[at]! > 0));
    }
  });

  it('leaves the generator’s direction to the pixels that carry weight', async () => {
    // With Adam's first step every parameter moves by the learning rate, so even and learned weights must part in sign somewhere.
    const even = await train(tinyTrainerConfig({ reweighting: null }), 1);
    const learned = await train(tinyTrainerConfig(), 1);
    const stem = 'generator.value.stem.weight';
    expect(learned.after.get(stem)!.data).not.toEqual(even.after.get(stem)!.data);
    expect(learned.results[0]!.pixel).toBe(even.results[0]!.pixel);
    expect(even.results[0]!.meta).toBeNull();
  });

  it('draws the map of a fixed batch without dropout', async () => {
    const maps = [];
    for (const [seed, dropout] of [[1, 0.5], [2, 0.5], [1, 0]] as const) {
      const config = tinyTrainerConfig({ seed, dropout });
      const trainer = createTrainer(config, executor, { state: initialState(tinyTrainerConfig()) });
      maps.push(await trainer.weightMaps(batchOf(3, 2), batchOf(4, 5)));
      const { prediction } = maps.at(-1)!;
      expect(await trainer.predict(batchOf(3, 2).x)).toEqual(prediction);
      trainer.dispose();
    } // prettier-ignore
    expect(maps[1]).toEqual(maps[0]);
    expect(maps[2]).toEqual(maps[0]);
  });

  it('refuses a meta batch in a run that does not reweight', async () => {
    const trainer = createTrainer(tinyTrainerConfig({ reweighting: null }), executor);
    await expect(trainer.advance(batchOf(1, 2), 1e-4, batchOf(2, 3))).rejects.toThrow(RangeError);
    trainer.dispose();
  });

  it('takes the plain step where no meta batch is given, as a warm-up does', async () => {
    const states: TrainerState[] = [];
    for (const config of [tinyTrainerConfig(), tinyTrainerConfig({ reweighting: null })]) {
      const trainer = createTrainer(config, executor);
      expect((await trainer.advance(batchOf(1, 2), 1e-3, null)).meta).toBeNull();
      states.push(await trainer.state());
      trainer.dispose();
    }
    expectSameState(states[0]!, states[1]!);
  });

  it('gives back every handle', async () => {
    const before = executor.held;
    const trainer = createTrainer(tinyTrainerConfig(), executor);
    await trainer.advance(batchOf(1, 2), 2e-4, batchOf(2, 3));
    const during = executor.held;
    await trainer.advance(batchOf(1, 2), 2e-4, batchOf(2, 3));
    await trainer.weightMaps(batchOf(3, 2), batchOf(4, 3));
    await trainer.predict(batchOf(3, 2).x);
    expect(executor.held).toBe(during);
    trainer.dispose();
    expect(executor.held).toBe(before);
  });

  it('counts Adam’s steps from 1: the first moves every parameter by the learning rate against its gradient', async () => {
    const { after } = await train(tinyTrainerConfig(), 1);
    const before = initialState(tinyTrainerConfig());
    for (const name of ['generator.head.weight', 'discriminator.conv0.weight']) {
      const part = (of: string): string => name.replace('.', `.${of}.`);
      const gradient = after.get(part('first'))!.data.map((moment) => 2 * moment);
      const moved = after
        .get(part('value'))!
        .data.map((value, at) => value - before.get(part('value'))!.data[at]!);
      moved.forEach((step, at) => {
        const expected = (-2e-4 * gradient[at]!) / (Math.abs(gradient[at]!) + 1e-8);
        expect(step).toBeCloseTo(expected, 7);
      });
    }
  });

  it('moves nothing at a learning rate of 0', async () => {
    const trainer = createTrainer(tinyTrainerConfig(), executor);
    await trainer.advance(batchOf(1, 2), 0, batchOf(2, 3));
    const after = await trainer.state();
    for (const [name, { data }] of initialState(tinyTrainerConfig()))
      if (name.includes('.value.')) expect(after.get(name)!.data, name).toEqual(data);
    trainer.dispose();
  });
});

describe('the parts of the methods', () => {
  const contextual = {
    factor: 1,
    form: 'contextual',
    bandwidth: 0.5,
    layers: ['relu1_2', 'relu2_2'],
    positions: 60,
  } as const;
  const allParts = tinyTrainerConfig({
    perceptual: { factor: 100 },
    contextual,
    registration: { levels: 2, smoothnessFactor: 50 },
    reweighting: {
      ...abstractReweighting,
      innerStep: 'adam',
      remembers: true,
      besideClean: true,
      scaling: 'local',
    },
  });
  const features: FeatureWeights = new Map(
    [...featureNetworks(allParts)].map(([network, specs]) => [network, randomFeatures(specs, 1)] as const),
  );
  const steps = async (config: TrainerConfig, state?: TrainerState, from = 0, count = 2) => {
    const trainer = createTrainer(config, executor, { ...(state && { state }), step: from, features });
    const results = [];
    for (let step = from; step < from + count; step++)
      results.push(
        await trainer.advance(batchOf(step, 2), 1e-3, config.reweighting ? batchOf(50 + step, 3) : null),
      );
    const after = await trainer.state();
    trainer.dispose();
    return { results, after };
  };

  it('report their losses by name, and only those there are', async () => {
    const partsOf = async (differences: Partial<TrainerConfig>): Promise<string[]> =>
      Object.keys(
        (await steps(tinyTrainerConfig({ reweighting: null, ...differences }), undefined, 0, 1)).results[0]!
          .parts,
      );
    expect(await partsOf({})).toEqual([]);
    expect(await partsOf({ perceptual: { factor: 1 } })).toEqual(['perceptual']);
    expect(await partsOf({ contextual })).toEqual(['contextual']);
    expect(await partsOf({ registration: { levels: 3, smoothnessFactor: 1 } })).toEqual([
      'registration',
      'smoothness',
    ]);
  });

  it('all together repeat themselves bit for bit, and go on from a saved state', async () => {
    const whole = await steps(allParts);
    expect(Object.values(whole.results[1]!.parts).every(Number.isFinite)).toBe(true);
    const half = await steps(allParts, undefined, 0, 1);
    const rest = await steps(allParts, half.after, 1, 1);
    expectSameState(rest.after, whole.after);
    expect(rest.results[0]).toEqual(whole.results[1]);
  });

  it('are all plain pGAN before their parts act, and the registration then begins with a first step', async () => {
    const late = { ...allParts, reweighting: null };
    const plain = await steps(tinyTrainerConfig({ reweighting: null }), undefined, 0, 1);
    const trainer = createTrainer(late, executor, { partsFrom: 1, features });
    const { parts } = await trainer.advance(batchOf(0, 2), 1e-3, null);
    expect(parts).toEqual({});
    const before = await trainer.state();
    const untouched = [...initialState(late)].filter(([name]) => name.startsWith('registration.'));
    expectSameState(before, new Map([...plain.after, ...untouched]));
    await trainer.advance(batchOf(1, 2), 1e-3, null);
    const name = 'registration.value.down0.conv.weight';
    const after = await trainer.state();
    const moved = after.get(name)!.data.map((value, at) => value - before.get(name)!.data[at]!);
    const slope = after.get(name.replace('value', 'first'))!.data.map((moment) => 2 * moment);
    const expected = slope.map((one) => (-1e-3 * one) / (Math.abs(one) + 1e-8));
    expect(largest(expected)).toBeGreaterThan(0);
    expect(largest(moved.map((step, at) => step - expected[at]!))).toBeLessThan(1e-6);
    trainer.dispose();
  });

  it('train the registration network, and nothing of the feature networks', async () => {
    const before = initialState(allParts);
    const { after } = await steps(allParts, undefined, 0, 1);
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect([...after.keys()].some((name) => name.includes('features.'))).toBe(false);
    const name = 'registration.value.down0.conv.weight';
    expect(after.get(name)!.data).not.toEqual(before.get(name)!.data);
  });

  it('change nothing where their factor is 0', async () => {
    const plain = tinyTrainerConfig({ reweighting: null });
    const idle = {
      ...plain,
      perceptual: { factor: 0 },
      contextual: { ...contextual, factor: 0, positions: null },
    };
    const [expected, actual] = [await steps(plain), await steps(idle)];
    for (const [name, { data }] of expected.after)
      expect(largest(data.map((value, at) => value - actual.after.get(name)!.data[at]!)), name).toBeLessThan(
        1e-6,
      );
  });

  it('refuse to start without their feature networks', () => {
    expect(() => createTrainer(allParts, executor)).toThrow(/no vgg16 features\.0\.weight/);
  });

  it('give back every handle', async () => {
    const before = executor.held;
    await steps(allParts);
    expect(executor.held).toBe(before);
  });
});
