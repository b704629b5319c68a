/** Registration network, warp and contextual loss against PyTorch in double precision, values and gradients, on given weights. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contextualLoss } from '../../src-main/learn/losses/contextual.ts';
import { parameterInputs } from '../../src-main/learn/networks/parameterSpec.ts';
import {
  estimateFlow,
  initialiseRegistration,
  registrationLevels,
  registrationSpecs,
} from '../../src-main/learn/networks/registration.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { openExecutor } from '../../src-main/tensor/executors/openExecutor.ts';
import { warp2d } from '../../src-main/tensor/functions/warp2d.ts';
import { gradient, vjp } from '../../src-main/tensor/gradient.ts';
import { multiply } from '../../src-main/tensor/primitives/elementwise.ts';
import { input } from '../../src-main/tensor/primitives/leaves.ts';
import { mean } from '../../src-main/tensor/primitives/reductions.ts';
import type { Tensor } from '../../src-main/tensor/tensor.ts';
import { randomImages } from '../fixtures/tinyTraining.ts';
import { compute } from '../unit/tensor/executorsUnderTest.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, relativeError, runOracle, valuesOf, writeTensors, type Tensors } from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, parts of the methods against PyTorch: ${python.reason}`);

const [n, h, w, c, p] = [2, 40, 52, 8, 30];
const levels = registrationLevels([h, w]);
const specs = registrationSpecs(levels);

describe.skipIf('reason' in python)('the parts of the methods', () => {
  let folder = '';
  let oracle: Tensors;
  const random = createRandom(8);
  const normal = (count: number, scale = 1): Float32Array =>
    Float32Array.from({ length: count }, () => scale * random.normal());
  const weights = initialiseRegistration(specs, 3);
  // A flow of some pixels, and biases that are not zero.
  weights.set('flow.weight', normal(weights.get('flow.weight')!.length, 0.1));
  for (const [name, data] of weights)
    if (name.endsWith('.bias')) data.forEach((_, at) => (data[at] = 0.1 * random.normal()));
  const feeds: Record<string, Float32Array> = {
    moving: randomImages(random, n * h * w),
    fixed: randomImages(random, n * h * w),
    image: normal(n * 3 * h * w),
    flow: normal(n * 2 * h * w, 4),
    cotangent: normal(n * 3 * h * w),
    'features.x': normal(n * c * p),
    'features.y': normal(n * c * p),
  };
  const shapes: Record<string, readonly number[]> = {
    moving: [n, 1, h, w],
    fixed: [n, 1, h, w],
    image: [n, 3, h, w],
    flow: [n, 2, h, w],
    cotangent: [n, 3, h, w],
    'features.x': [n, c, p],
    'features.y': [n, c, p],
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-parts-'));
    const tensors = new Map(
      Object.entries(feeds).map(([name, data]) => [name, { shape: [...shapes[name]!], data }]),
    );
    for (const { name, shape } of specs)
      tensors.set(`registration.${name}`, { shape: [...shape], data: weights.get(name)! });
    const path = writeTensors(folder, 'case.safetensors', tensors);
    runOracle('parts.py', path, join(folder, 'out.safetensors'), '--levels', `${levels}`);
    oracle = readTensors(join(folder, 'out.safetensors'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]),
  );
  const leaf = (name: string): Tensor => inputs[name]!;

  function registration(): Record<string, Tensor> {
    const flow = estimateFlow(leaf('moving'), leaf('fixed'), parameterInputs(specs, 'registration.'), levels);
    return { flow, 'registration.moving': gradient(mean(multiply(flow, flow)), [leaf('moving')])[0]! };
  }
  function warp(): Record<string, Tensor> {
    const warped = warp2d(leaf('image'), leaf('flow'));
    const [image, flow] = vjp([warped], [leaf('image'), leaf('flow')], [leaf('cotangent')]);
    return { warped, 'warped.image': image!, 'warped.flow': flow! };
  }
  function contextual(form: 'contextual' | 'nearest'): Record<string, Tensor> {
    const loss = contextualLoss(leaf('features.x'), leaf('features.y'), { form, bandwidth: 0.5 });
    return { [form]: loss, [`${form}.x`]: gradient(loss, [leaf('features.x')])[0]! };
  }

  describe.each(['onnx', 'tfjs'] as const)('on %s', (kind) => {
    it.each<readonly [string, () => Record<string, Tensor>]>([
      ['registration network', registration],
      ['warp', warp],
      ['contextual loss', () => contextual('contextual')],
      ['contextual loss in its simpler form', () => contextual('nearest')],
    ])('%s: values and gradients are PyTorch’s', async (what, build) => {
      const { executor } = await openExecutor({ executor: kind, device: 'cpu' });
      const outputs = build();
      const parameters = Object.fromEntries(
        [...weights].map(([name, data]) => [`registration.${name}`, data]),
      );
      const values = await compute(executor, outputs, { ...feeds, ...parameters });
      await executor.dispose();
      const errors = Object.keys(outputs).map((name) => relativeError(values[name]!, valuesOf(oracle, name)));
      console.info(`${kind} ${what}: off by ${errors.map((error) => error.toExponential(1)).join(', ')}`);
      for (const error of errors) expect(error).toBeLessThanOrEqual(parityTolerances.gradient);
    });
  });
});
