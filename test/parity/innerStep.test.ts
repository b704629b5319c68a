/**
 * The exact inner step (Adam with its moments, an adversarial loss that ε does not multiply) against PyTorch's double differentiation
 * through that very step, float64.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SafetensorsTensor } from '../../src-main/formats/safetensors/safetensors.ts';
import { dropoutShape } from '../../src-main/learn/networks/generator.ts';
import { createTrainer } from '../../src-main/learn/trainer.ts';
import { initialState, type TrainerState } from '../../src-main/learn/trainerState.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { openExecutor } from '../../src-main/tensor/executors/openExecutor.ts';
import { dropoutMask } from '../../src-main/tensor/functions/dropoutMask.ts';
import { abstractReweighting, randomImages, tinyTrainerConfig } from '../fixtures/tinyTraining.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, relativeError, runOracle, valuesOf, writeTensors, type Tensors } from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, the exact inner step against PyTorch: ${python.reason}`);

const [n, m, h, w] = [2, 3, 32, 32];
const learningRate = 1e-3;
const stepsBefore = 5;
const config = tinyTrainerConfig({ reweighting: { ...abstractReweighting, innerStep: 'adam' }, seed: 9 });

describe.skipIf('reason' in python)('the map of an exact Adam step', () => {
  let folder = '';
  let oracle: Tensors;
  const random = createRandom(21);
  const image = (count: number): Float32Array => randomImages(random, count * h * w);
  const batch = { x: image(n), y: image(n) };
  const meta = { x: image(m), y: image(m) };
  /** Moments as after some steps: of the size of the gradients, which differ between parameters. */
  const state: TrainerState = new Map(
    [...initialState(config)].map(([name, tensor]) => {
      const draw = name.includes('.first.')
        ? (): number => 0.03 * random.normal()
        : (): number => 10 ** (-5 + 3 * random.uniform());
      return [name, name.includes('.value.') ? tensor : { ...tensor, data: tensor.data.map(draw) }];
    }),
  );

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-inner-'));
    const tensors = new Map<string, SafetensorsTensor>(
      [...state].map(([name, { shape, data }]) => [name, { shape: [...shape], data }]),
    );
    const images = { x: [n, batch.x], y: [n, batch.y], xv: [m, meta.x], yv: [m, meta.y] } as const;
    for (const [name, [count, data]] of Object.entries(images))
      tensors.set(name, { shape: [count, 1, h, w], data });
    const draws = createRandom(config.seed * 1_000_003 + stepsBefore);
    const shape = [...dropoutShape(config.generator, [n, h, w])];
    for (let block = 0; block < config.generator.blocks; block++)
      tensors.set(`mask${block}`, { shape, data: dropoutMask(shape, config.dropout, draws) });
    const path = writeTensors(folder, 'case.safetensors', tensors);
    const out = join(folder, 'out.safetensors');
    runOracle('inner_adam.py', path, out, '--t', `${stepsBefore + 1}`, '--lr', `${learningRate}`);
    oracle = readTensors(out);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['onnx', 'tfjs'] as const)(
    'is that of double differentiation, up to a factor: %s',
    async (kind) => {
      const { executor } = await openExecutor({ executor: kind, device: 'cpu' });
      const trainer = createTrainer(config, executor, { state, step: stepsBefore });
      const { meta: learned } = await trainer.advance(batch, learningRate, meta);
      trainer.dispose();
      await executor.dispose();
      // λ, α and the first bias correction are common to all pixels and cancel in w.
      const factor = (100 * learningRate) / (1 - 0.5 ** (stepsBefore + 1));
      const expected = valuesOf(oracle, 'u').map((value) => value / factor);
      const error = relativeError(learned!.u, expected);
      const validation = valuesOf(oracle, 'validationLoss')[0]!;
      console.info(`${kind}: u off by ${error.toExponential(1)}`);
      expect(error).toBeLessThanOrEqual(parityTolerances.weightMap);
      expect(Math.abs(learned!.validation / validation - 1)).toBeLessThanOrEqual(parityTolerances.loss);
    },
  );

  it('is another one than that of a plain gradient step', async () => {
    const { executor } = await openExecutor({ executor: 'onnx', device: 'cpu' });
    const plain = { ...config, reweighting: abstractReweighting };
    const trainer = createTrainer(plain, executor, { state, step: stepsBefore });
    const { meta: learned } = await trainer.advance(batch, learningRate, meta);
    trainer.dispose();
    await executor.dispose();
    const [u, v] = [learned!.u, valuesOf(oracle, 'u')];
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a, (value, at) => value * b[at]!).reduce((sum, one) => sum + one, 0);
    expect(dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v))).toBeLessThan(0.98);
  });
});
