/**
 * Three whole training steps of our trainer against PyTorch with torch.optim.Adam, float64, from the same weights, images and dropout
 * masks. Biases in front of an instance norm are left out: they have no effect, so our nets do not train them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SafetensorsTensor } from '../../src-main/formats/safetensors/safetensors.ts';
import { dropoutShape } from '../../src-main/learn/networks/generator.ts';
import {
  createTrainer,
  type Batch,
  type StepResult,
} from '../../src-main/learn/trainer.ts';
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
const acts = (name: string): boolean => !name.endsWith('.bias') || /(head|conv0|conv4)\.bias$/.test(name);

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
function caseTensors(all: readonly Step[]): Map<string, SafetensorsTensor> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, tensor] of initialState(base))
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

  describe.each(['plain', 'meta'] as const)('%s', (method) => {
    const drawn = drawSteps();
    let oracle: Tensors;
    beforeAll(() => {
      const path = writeTensors(folder, `${method}.safetensors`, caseTensors(drawn));
      const answer = join(folder, `${method}-oracle.safetensors`);
      runOracle('train_step.py', path, answer, '--method', method, '--steps', `${steps}`, '--float64');
      oracle = readTensors(answer);
    });

    describe.each(['onnx', 'tfjs'] as const)('on %s', (kind) => {
      const results: StepResult[] = [];
      let first: TrainerState;
      let last: TrainerState;

      beforeAll(async () => {
        const { executor } = await openExecutor({ executor: kind, device: 'cpu' });
        const config = method === 'meta' ? base : { ...base, reweighting: null };
        const trainer = createTrainer(config, executor);
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
        for (const [step, { pixel, adversarial, discriminator, meta }] of results.entries()) {
          const pairs: [number, number][] = [
            [adversarial, loss('lossAdversarial', step)],
            [discriminator, loss('lossDiscriminator', step)],
          ];
          if (method === 'plain') pairs.push([pixel, loss('lossPixel', step)]);
          if (meta) pairs.push([meta.validation, loss('validationLoss', step)]);
          for (const [ours, theirs] of pairs)
            expect(Math.abs(ours / theirs - 1)).toBeLessThanOrEqual(parityTolerances.loss);
        }
      });

      it('move every parameter alike', () => {
        const before = initialState(base);
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
        console.info(`${kind} ${method}: updates off by at most ${Math.max(...errors).toExponential(1)}`);
      });

      if (method === 'plain') return;
      it('have the same weight maps', () => {
        for (const [step, { meta }] of results.entries()) {
          const bound = step === 0 ? parityTolerances.weightMap : parityTolerances.weightMapInTraining;
          const errors = (['u', 'w'] as const).map((name) =>
            relativeError(meta![name], valuesOf(oracle, `step${step}.${name}`)),
          );
          console.info(
            `${kind} step ${step}: u, w off by ${errors.map((e) => e.toExponential(1)).join(', ')}`,
          );
          for (const error of errors) expect(error).toBeLessThanOrEqual(bound);
        }
      });
    });
  });
});
