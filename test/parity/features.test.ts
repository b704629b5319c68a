/** VGG, AlexNet and LPIPS against PyTorch in double precision, on random weights of a fixed seed (the published ones are not needed). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFeatures } from '../../src-main/learn/features/randomFeatures.ts';
import {
  createLpips,
  lpipsBackbones,
  lpipsLinSpecs,
  lpipsTrunkSpecs,
  type LpipsBackbone,
} from '../../src-main/learn/lpips.ts';
import { alexNetFeatures, alexNetSpecs } from '../../src-main/learn/networks/alexNet.ts';
import {
  parameterConstants,
  type ParameterSpec,
  type ParameterTensors,
} from '../../src-main/learn/networks/parameterSpec.ts';
import { vggFeatures, vggSpecs, vggTaps, type VggDepth } from '../../src-main/learn/networks/vgg.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import type { Executor } from '../../src-main/tensor/executor.ts';
import { openExecutor } from '../../src-main/tensor/executors/openExecutor.ts';
import { input } from '../../src-main/tensor/primitives/leaves.ts';
import type { Tensor } from '../../src-main/tensor/tensor.ts';
import { randomImages } from '../fixtures/tinyTraining.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, relativeError, runOracle, valuesOf, writeTensors, type Tensors } from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, feature networks against PyTorch: ${python.reason}`);

type Values = Map<string, Float32Array>;
const trunks: Readonly<Record<string, readonly ParameterSpec[]>> = {
  vgg16: vggSpecs(16, 'relu5_3'),
  vgg19: vggSpecs(19, 'relu5_4'),
  alexnet: alexNetSpecs(),
};
const trunkOf: Readonly<Record<LpipsBackbone, string>> = { alex: 'alexnet', vgg: 'vgg16' };
/** Odd extents, so that pooling has to round down. */
const [n, h, w] = [2, 75, 49];

describe.skipIf('reason' in python)('feature networks', () => {
  let folder = '';
  let executor: Executor;
  let oracle: Tensors;
  const random = createRandom(5);
  const x = randomImages(random, n * h * w);
  const y = randomImages(random, n * h * w);
  /** Random weights with biases that are not zero, by trunk. */
  const weights = new Map<string, Values>(
    Object.entries(trunks).map(([name, specs], seed) => {
      const values = randomFeatures(specs, seed);
      for (const [key, data] of values)
        if (key.endsWith('.bias')) data.forEach((_, at) => (data[at] = 0.1 * random.normal()));
      return [name, values];
    }),
  );
  const lins = new Map<string, Values>(
    lpipsBackbones.map((backbone) => [
      backbone,
      new Map(
        lpipsLinSpecs(backbone).map(({ name, fanIn }) => [
          name,
          Float32Array.from({ length: fanIn }, () => random.uniform()),
        ]),
      ),
    ]),
  );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-features-'));
    const tensors = new Map([
      ['x', { shape: [n, 1, h, w], data: x }],
      ['y', { shape: [n, 1, h, w], data: y }],
    ]);
    const addAll = (prefix: string, specs: readonly ParameterSpec[], values: Values): void =>
      specs.forEach(({ name, shape }) =>
        tensors.set(`${prefix}.${name}`, { shape: [...shape], data: values.get(name)! }),
      );
    for (const [name, specs] of Object.entries(trunks)) addAll(name, specs, weights.get(name)!);
    for (const backbone of lpipsBackbones) addAll(backbone, lpipsLinSpecs(backbone), lins.get(backbone)!);
    const networks = ['vgg16', 'vgg16-raw', 'vgg19', 'vgg19-raw', 'alexnet', 'lpips-alex', 'lpips-vgg'];
    const out = join(folder, 'oracle.safetensors');
    runOracle('features.py', writeTensors(folder, 'case.safetensors', tensors), out, ...networks);
    oracle = readTensors(out);
    ({ executor } = await openExecutor({ executor: 'onnx', device: 'cpu' }));
  });
  afterAll(async () => {
    await executor.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Compares every tap of `build` with the oracle's `name.{k}`. */
  async function expectTaps(
    name: string,
    trunk: string,
    build: (image: Tensor, parameters: ParameterTensors) => Tensor[],
  ): Promise<void> {
    const taps = build(input('x', [n, 1, h, w]), parameterConstants(trunks[trunk]!, weights.get(trunk)!));
    const program = await executor.compile(Object.fromEntries(taps.map((tap, k) => [`${name}.${k}`, tap])));
    const results = await program.run({ x });
    const errors: number[] = [];
    for (const [key, value] of Object.entries(results)) {
      expect(value.shape).toEqual(oracle.get(key)?.shape);
      errors.push(relativeError(await value.read(), valuesOf(oracle, key)));
      value.dispose();
    }
    console.info(`${name}: ${errors.map((error) => error.toExponential(1)).join(', ')}`);
    for (const error of errors) expect(error).toBeLessThanOrEqual(parityTolerances.features);
  }

  it.each<[string, VggDepth, boolean]>([
    ['vgg16', 16, true],
    ['vgg16-raw', 16, false],
    ['vgg19', 19, true],
    ['vgg19-raw', 19, false],
  ])('%s equals PyTorch layer by layer', async (name, depth, imageNetNormalisation) => {
    const taps = vggTaps.filter((tap) => depth === 19 || !/^relu[345]_4$/.test(tap));
    await expectTaps(name, `vgg${depth}`, (image, parameters) =>
      vggFeatures(image, parameters, { depth, taps, imageNetNormalisation }),
    );
  });

  it('AlexNet equals PyTorch layer by layer', async () => {
    await expectTaps('alexnet', 'alexnet', alexNetFeatures);
  });

  it.each(lpipsBackbones)('LPIPS %s equals PyTorch, and is 0 for equal images', async (backbone) => {
    expect(lpipsTrunkSpecs(backbone)).toEqual(trunks[trunkOf[backbone]]);
    const all = new Map([...weights.get(trunkOf[backbone])!, ...lins.get(backbone)!]);
    const compare = await createLpips(executor, backbone, all, [n, h, w]);
    const error = relativeError(await compare(x, y), valuesOf(oracle, `lpips-${backbone}`));
    console.info(`lpips-${backbone}: ${error.toExponential(1)}`);
    expect(error).toBeLessThanOrEqual(parityTolerances.features);
    expect(await compare(x, x)).toEqual(new Float32Array(n));
  });
});
