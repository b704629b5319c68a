/**
 * Three whole training steps of our trainer against PyTorch with torch.optim.Adam, float64, from the same weights, images and dropout
 * masks: without and with learned weights, and the four methods with feature networks of given (random) weights. Biases in front of an
 * instance norm are left out: they have no effect, so our nets do not train them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SafetensorsTensor } from '../../src-main/formats/safetensors/safetensors.ts';
import { randomFeatures } from '../../src-main/learn/features/randomFeatures.ts';
import { featureNetworks, type FeatureWeights } from '../../src-main/learn/losses/featureLosses.ts';
import { dropoutShape } from '../../src-main/learn/networks/generator.ts';
import { createTrainer, type Batch, type StepResult } from '../../src-main/learn/trainer.ts';
import type { TrainerConfig } from '../../src-main/learn/trainerConfig.ts';
import { initialState, type TrainerState } from '../../src-main/learn/trainerState.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { openExecutor } from '../../src-main/tensor/executors/openExecutor.ts';
import { dropoutMask } from '../../src-main/tensor/functions/dropoutMask.ts';
import { randomImages, tinyTrainerConfig } from '../fixtures/tinyTraining.ts';
import { findTorchPython } from './findTorchPython.ts';
import {
  readTensors,
  relativeError,
  rootMeanSquare,
  runOracle,
  valuesOf,
  writeTensors,
  type Tensors,
} from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, training steps against PyTorch: ${python.reason}`);

const steps = 3;
const learningRate = 2e-4;
const [n, m, h, w] = [2, 3, 32, 40];
const base: TrainerConfig = tinyTrainerConfig({
  generator: { inputChannels: 1, ngf: 8, blocks: 2 },
  discriminator: { inputChannels: 1, ndf: 8 },
  extents: [h, w],
  metaMicroBatch: 2,
  seed: 5,
});
/** Parameters that act: all weights, and the biases that no instance norm takes away. */
const acts = (name: string): boolean =>
  !name.endsWith('.bias') ||
  (name.startsWith('registration')
    ? !/(conv1|conv2)\.bias$/.test(name)
    : /(head|conv0|conv4)\.bias$/.test(name));

type Part = 'perceptual' | 'contextual' | 'registration';
interface Row {
  readonly name: string;
  readonly method: 'plain' | 'meta';
  readonly parts: readonly Part[];
  /** The reference executor computes VGG in minutes. */
  readonly kinds: readonly ('onnx' | 'tfjs')[];
}
const rows: readonly Row[] = [
  { name: 'plain', method: 'plain', parts: [], kinds: ['onnx', 'tfjs'] },
  { name: 'learned weights', method: 'meta', parts: [], kinds: ['onnx', 'tfjs'] },
  { name: 'registration', method: 'plain', parts: ['registration'], kinds: ['onnx'] },
  { name: 'pgan', method: 'plain', parts: ['perceptual'], kinds: ['onnx'] },
  { name: 'reg-pgan', method: 'plain', parts: ['perceptual', 'registration'], kinds: ['onnx'] },
  { name: 'ctx-pgan', method: 'plain', parts: ['contextual'], kinds: ['onnx'] },
  { name: 'meta', method: 'meta', parts: ['contextual'], kinds: ['onnx'] },
];
/** Few, so that instance norms see enough pixels: over four of them rounding alone decides (PyTorch's float32 and float64 differ as much). */
const levels = 2;

function configOf({ method, parts }: Row): TrainerConfig {
  const has = (part: Part): boolean => parts.includes(part);
  return {
    ...base,
    reweighting: method === 'meta' ? base.reweighting : null,
    perceptual: has('perceptual') ? { factor: 100 } : null,
    contextual: has('contextual')
      ? { factor: 1, form: 'contextual', bandwidth: 0.5, layers: ['relu3_4', 'relu4_4'], positions: null }
      : null,
    registration: has('registration') ? { levels, smoothnessFactor: 50 } : null,
  };
}

/**
 * A start with a flow between pixels: as published it starts on whole pixels, where the warp has a kink and rounding decides the side.
 */
function startOf(config: TrainerConfig): TrainerState {
  const state = new Map(initialState(config));
  const change = (name: string, by: (value: number, at: number) => number): void => {
    const tensor = state.get(name);
    if (tensor) state.set(name, { ...tensor, data: tensor.data.map(by) });
  };
  change('registration.value.flow.weight', (weight) => 1000 * weight);
  change('registration.value.flow.bias', (_, at) => [0.4, -0.3][at] ?? 0);
  return state;
}

function featuresOf(config: TrainerConfig): FeatureWeights {
  return new Map(
    [...featureNetworks(config)].map(([network, specs]) => [network, randomFeatures(specs, 4)] as const),
  );
}

interface Step {
  readonly batch: Batch;
  readonly meta: Batch;
}

function drawSteps(): Step[] {
  const random = createRandom(17);
  const images = (count: number): Batch => ({
    x: randomImages(random, count * h * w),
    y: randomImages(random, count * h * w),
  });
  return Array.from({ length: steps }, () => ({ batch: images(n), meta: images(m) }));
}

/** The case as the oracle reads it, with the masks the trainer will draw from its seed and the step's number. */
function caseTensors(config: TrainerConfig, all: readonly Step[]): Map<string, SafetensorsTensor> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [network, values] of featuresOf(config))
    for (const { name, shape } of featureNetworks(config).get(network)!)
      tensors.set(`${network}.${name}`, { shape: [...shape], data: values.get(name)! });
  for (const [name, tensor] of startOf(config))
    if (name.includes('.value.')) tensors.set(name.replace('.value.', '.'), tensor);
  for (const [step, { batch, meta }] of all.entries()) {
    const images = { x: [n, batch.x], y: [n, batch.y], xv: [m, meta.x], yv: [m, meta.y] } as const;
    for (const [name, [count, data]] of Object.entries(images))
      tensors.set(`step${step}.${name}`, { shape: [count, 1, h, w], data });
    const random = createRandom(base.seed * 1_000_003 + step);
    const shape = dropoutShape(base.generator, [n, h, w]);
    for (let block = 0; block < base.generator.blocks; block++)
      tensors.set(`step${step}.mask${block}`, { shape, data: dropoutMask(shape, base.dropout, random) });
  }
  return tensors;
}

describe.skipIf('reason' in python)('three training steps', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-step-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(rows)('$name', (row) => {
    const { name: rowName, method, parts, kinds } = row;
    const config = configOf(row);
    const drawn = drawSteps();
    let oracle: Tensors;
    beforeAll(() => {
      const path = writeTensors(folder, 'case.safetensors', caseTensors(config, drawn));
      const answer = join(folder, 'oracle.safetensors');
      const asked = ['--method', method, '--steps', `${steps}`, '--levels', `${levels}`, '--parts', ...parts];
      runOracle('train_step.py', path, answer, '--float64', ...asked);
      oracle = readTensors(answer);
    });

    describe.each(kinds)('on %s', (kind) => {
      const results: StepResult[] = [];
      let first: TrainerState;
      let last: TrainerState;

      beforeAll(async () => {
        const { executor } = await openExecutor({ executor: kind, device: 'cpu' });
        const trainer = createTrainer(config, executor, {
          state: startOf(config),
          features: featuresOf(config),
        });
        for (const { batch, meta } of drawn) {
          results.push(await trainer.advance(batch, learningRate, method === 'meta' ? meta : null));
          if (trainer.step === 1) first = await trainer.state();
        }
        last = await trainer.state();
        trainer.dispose();
        await executor.dispose();
      });

      it('have the same gradients', () => {
        // After one step the first moment is (1 − β₁) times the gradient.
        for (const [name, { data }] of first) {
          if (!name.includes('.first.') || !acts(name)) continue;
          const expected = valuesOf(oracle, `gradient.${name.replace('.first.', '.')}`);
          const error = relativeError(
            data.map((value) => 2 * value),
            expected,
          );
          expect(error, name).toBeLessThanOrEqual(parityTolerances.gradient);
        }
      });

      it('have the same losses', () => {
        const loss = (name: string, step: number): number => valuesOf(oracle, name)[step]!;
        for (const [step, { pixel, adversarial, discriminator, parts: own, meta }] of results.entries()) {
          const pairs: [number, number][] = [
            [adversarial, loss('lossAdversarial', step)],
            [discriminator, loss('lossDiscriminator', step)],
          ];
          for (const [part, value] of Object.entries(own))
            pairs.push([value, loss(`loss${part.charAt(0).toUpperCase()}${part.slice(1)}`, step)]);
          if (method === 'plain') pairs.push([own.registration ?? pixel, loss('lossPixel', step)]);
          if (meta) pairs.push([meta.validation, loss('validationLoss', step)]);
          for (const [ours, theirs] of pairs)
            expect(Math.abs(ours / theirs - 1)).toBeLessThanOrEqual(parityTolerances.loss);
        }
      });

      it('move every parameter alike', () => {
        const before = startOf(config);
        const errors: number[] = [];
        for (const [name, { data }] of last) {
          if (!name.includes('.value.') || !acts(name)) continue;
          const expected = valuesOf(oracle, name.replace('.value.', '.'));
          const start = before.get(name)!.data;
          const moved = expected.map((value, at) => value - start[at]!);
          const off = expected.map((value, at) => data[at]! - value);
          const error = rootMeanSquare(off) / rootMeanSquare(moved);
          errors.push(error);
          expect(error, name).toBeLessThanOrEqual(parityTolerances.update);
        }
        console.info(`${kind} ${rowName}: updates off by at most ${Math.max(...errors).toExponential(1)}`);
      });

      if (method === 'plain') return;
      it('have the same weight maps', () => {
        for (const [step, { meta }] of results.entries()) {
          const bound = step === 0 ? parityTolerances.weightMap : parityTolerances.weightMapInTraining;
          const errors = (['u', 'w'] as const).map((name) =>
            relativeError(meta![name], valuesOf(oracle, `step${step}.${name}`)),
          );
          console.info(
            `${kind} ${rowName} step ${step}: u, w off by ${errors.map((e) => e.toExponential(1)).join(', ')}`,
          );
          for (const error of errors) expect(error).toBeLessThanOrEqual(bound);
        }
      });
    });
  });
});
