/** Derivatives of derivatives through a small net with the operations a generator has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src-main/shared/random.ts';
import type { Executor } from '../../../src-main/tensor/executor.ts';
import { gradient } from '../../../src-main/tensor/gradient.ts';
import { jvp } from '../../../src-main/tensor/jvp.ts';
import { conv2d, convTranspose2d } from '../../../src-main/tensor/primitives/convolution.ts';
import { add, divide, leakyRelu, multiply, sqrt, subtract, tanh } from '../../../src-main/tensor/primitives/elementwise.ts'; // prettier-ignore
import { reflectPad } from '../../../src-main/tensor/primitives/layout.ts';
import { input } from '../../../src-main/tensor/primitives/leaves.ts';
import { mean, sum } from '../../../src-main/tensor/primitives/reductions.ts';
import type { Tensor } from '../../../src-main/tensor/tensor.ts';
import { expectClose } from './compare.ts';
import { draw } from './draw.ts';
import { compute, executorsUnderTest } from './executorsUnderTest.ts';
import { finiteDifference } from './referenceEvaluate.ts';
import { tolerances } from './tolerances.ts';

function instanceNorm(x: Tensor): Tensor {
  const centred = subtract(x, mean(x, [2, 3]));
  return divide(centred, sqrt(add(mean(multiply(centred, centred), [2, 3]), 1e-3)));
}

/** Pixel losses of reflected pad → conv → norm → leaky ReLU → strided conv → tanh → transposed conv. */
function pixelLosses(x: Tensor, [first, down, up]: readonly [Tensor, Tensor, Tensor]): Tensor {
  const stem = leakyRelu(instanceNorm(conv2d(reflectPad(x, [1, 1, 1, 1]), first)), 0.2);
  const low = tanh(conv2d(stem, down, { stride: 2, padding: [1, 1, 1, 1] }));
  const out = convTranspose2d(low, up, { stride: 2, padding: 1, outputPadding: 1 });
  return multiply(out, out);
}

const x = input('x', [2, 1, 6, 8]);
const weights = [
  input('first', [3, 1, 3, 3]),
  input('down', [4, 3, 3, 3]),
  input('up', [4, 1, 3, 3]),
] as const;
const directions = weights.map(({ shape }, at) => input(`v${at}`, shape));
const random = createRandom(3);
const feeds = Object.fromEntries(
  [x, ...weights].map((leaf) => [
    (leaf.operation as { name: string }).name,
    draw(random, leaf.shape, 'smooth'),
  ]),
);
const along = Object.fromEntries(
  directions.map(({ shape }, at) => [`v${at}`, draw(random, shape, 'smooth')]),
);

describe.each(executorsUnderTest)('second derivatives on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  it('Hessian times vector: gradient of gradient, tangent of gradient and differences agree', async () => {
    const gradients = gradient(mean(pixelLosses(x, weights)), weights);
    const projected = gradients.map((g, at) => sum(multiply(g, directions[at]!))).reduce(add as (a: Tensor, b: Tensor) => Tensor); // prettier-ignore
    const reverse = gradient(projected, weights);
    const forward = jvp(gradients, weights, directions);
    const outputs: Record<string, Tensor> = {};
    weights.forEach((_weight, at) => {
      outputs[`reverse${at}`] = reverse[at]!;
      outputs[`forward${at}`] = forward[at]!;
    });
    const values = await compute(executor, outputs, { ...feeds, ...along });
    const moved = { first: along['v0']!, down: along['v1']!, up: along['v2']! };
    finiteDifference(gradients, feeds, moved).forEach((expected, at) => {
      expectClose(values[`reverse${at}`]!, expected, tolerances.secondOrder, `reverse over reverse ${at}`);
      expectClose(values[`forward${at}`]!, expected, tolerances.secondOrder, `forward over reverse ${at}`);
    });
  });

  it('one tangent of the pixel losses is the derivative of the weighted loss by its weights', async () => {
    // ∂/∂w ⟨∇θ Σ wᵢ ℓᵢ(θ), v⟩ = J_ℓ v: what the meta weight map rests on.
    const losses = pixelLosses(x, weights);
    const pixelWeights = input('w', losses.shape);
    const weighted = gradient(sum(multiply(losses, pixelWeights)), weights);
    const projected = weighted.map((g, at) => sum(multiply(g, directions[at]!))).reduce(add as (a: Tensor, b: Tensor) => Tensor); // prettier-ignore
    const [byReverse] = gradient(projected, [pixelWeights]);
    const [byForward] = jvp([losses], weights, directions);
    const values = await compute(
      executor,
      { byReverse: byReverse!, byForward: byForward! },
      { ...feeds, ...along },
    );
    expectClose(values.byForward, values.byReverse, tolerances.secondOrder);
    expect(values.byForward.some((value) => value !== 0)).toBe(true);
  });
});
