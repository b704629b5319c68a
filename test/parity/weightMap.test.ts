/**
 * `ilium weight-map` against double differentiation in PyTorch, float64: the published way to get the same map.
 *
 * The images are small on purpose. u jumps where a ReLU's input or a meta pixel's error crosses 0, and no float32 can tell the sides of
 * inputs within its rounding (about 1e-6 after a normalisation) apart. With a million such units, as two and ten images of 64×48 have in
 * the net below, one often lies that close. Of three such cases PyTorch's own float32 differed from its float64 in one, by 2e-4 of max |u|,
 * ours in two, by 1e-3 everywhere and by 2e-2 in the pixels that one unit reaches; the forward passes round alike (2e-7, root mean square).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatorSpecs, type GeneratorConfig } from '../../src-main/learn/networks/generator.ts';
import { initialise } from '../../src-main/learn/networks/initialise.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { openExecutor, type ExecutorKind } from '../../src-main/tensor/executors/openExecutor.ts';
import { weightMap } from '../../src-main/workflows/weightMap/weightMap.ts';
import { runIliumJson } from '../fixtures/runIlium.ts';
import { randomImages } from '../fixtures/tinyTraining.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, relativeError, runOracle, valuesOf, writeTensors, type Tensors } from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, weight maps against PyTorch: ${python.reason}`);

interface Case extends GeneratorConfig {
  readonly n: number;
  readonly m: number;
  readonly h: number;
  readonly w: number;
}

describe.skipIf('reason' in python)('the weight map', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-map-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a random case as files and the oracle's answer to it. */
  function writeCase({ n, m, h, w, ...config }: Case): { generator: string; batch: string; oracle: Tensors } {
    const random = createRandom(11);
    const values = initialise(generatorSpecs(config), 3);
    const weights = generatorSpecs(config).map(
      ({ name, shape }) => [name, { shape, data: values.get(name)! }] as const,
    );
    const images = (count: number, channels: number) => ({
      shape: [count, channels, h, w],
      data: randomImages(random, count * channels * h * w),
    });
    const { ngf, blocks, inputChannels } = config;
    const metadata = { ngf: `${ngf}`, blocks: `${blocks}`, inputChannels: `${inputChannels}` };
    const generator = writeTensors(folder, 'G.safetensors', new Map(weights), metadata);
    const batch = writeTensors(
      folder,
      'B.safetensors',
      new Map([
        ['x', images(n, inputChannels)],
        ['y', images(n, 1)],
        ['xv', images(m, inputChannels)],
        ['yv', images(m, 1)],
      ]),
    );
    runOracle('weight_map.py', generator, batch, join(folder, 'oracle.safetensors'), '--float64');
    return { generator, batch, oracle: readTensors(join(folder, 'oracle.safetensors')) };
  }

  function expectParity(out: string, oracle: Tensors, { n, h, w }: Case): void {
    const ours = readTensors(out);
    const errors = ['u', 'w', 'validationLoss'].map((name) =>
      relativeError(valuesOf(ours, name), valuesOf(oracle, name)),
    );
    console.info(`u, w, V off by ${errors.map((error) => error.toExponential(1)).join(', ')}`);
    for (const error of errors) expect(error).toBeLessThanOrEqual(parityTolerances.weightMap);
    expect(ours.get('u')!.shape).toEqual([n, 1, h, w]);
    expect(ours.get('w')!.shape).toEqual([n, 1, h, w]);
    expect(valuesOf(ours, 'w').reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  }

  const small = { ngf: 8, blocks: 2, inputChannels: 1, n: 2, m: 3, h: 32, w: 40 };

  it('of the command line equals double differentiation on both executors', () => {
    const { generator, batch, oracle } = writeCase(small);
    for (const executor of ['onnx', 'tfjs']) {
      const out = join(folder, `${executor}.safetensors`);
      const args = ['--generator', generator, '--batch', batch, '--out', out, '--executor', executor];
      const printed = runIliumJson<{ validationLoss: number }>(['weight-map', ...args, '--device', 'cpu']);
      expect(printed.validationLoss).toBeCloseTo(valuesOf(oracle, 'validationLoss')[0]!, 5);
      expectParity(out, oracle, small);
    }
  });

  it.each<[string, ExecutorKind, Case]>([
    ['one image, the smallest extents, on onnx', 'onnx', { ...small, n: 1, m: 1, h: 8, w: 8 }],
    ['three neighbouring slices, on onnx', 'onnx', { ...small, inputChannels: 3 }],
    ['three neighbouring slices, on tfjs', 'tfjs', { ...small, inputChannels: 3 }],
    ['more meta images than a micro-batch, on onnx', 'onnx', { ...small, m: 10, h: 16, w: 24 }],
    ['a deeper net, on onnx', 'onnx', { ...small, ngf: 4, blocks: 9 }],
    ['the published net, on onnx', 'onnx', { ...small, ngf: 64, blocks: 9, n: 1, m: 1, h: 64, w: 64 }],
  ])('equals it for %s', async (_name, kind, one) => {
    const { generator, batch, oracle } = writeCase(one);
    const out = join(folder, 'ours.safetensors');
    const { executor } = await openExecutor({ executor: kind, device: 'cpu' });
    await weightMap({ generator, batch, out }, executor);
    await executor.dispose();
    expectParity(out, oracle, one);
  });
});
