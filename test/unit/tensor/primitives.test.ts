import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src-main/shared/random.ts';
import type { Executor } from '../../../src-main/tensor/executor.ts';
import { vjp } from '../../../src-main/tensor/gradient.ts';
import { jvp } from '../../../src-main/tensor/jvp.ts';
import { input } from '../../../src-main/tensor/primitives/leaves.ts';
import type { OperationKind, Tensor } from '../../../src-main/tensor/tensor.ts';
import { dot, expectClose } from './compare.ts';
import { draw } from './draw.ts';
import { compute, executorsUnderTest } from './executorsUnderTest.ts';
import { primitiveCases } from './primitiveCases.ts';
import { finiteDifference, referenceEvaluate } from './referenceEvaluate.ts';
import { tolerances } from './tolerances.ts';

describe.each(executorsUnderTest)('primitives on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  it.each(primitiveCases)('$name: value, tangent and cotangents', async ({ inputs, build }) => {
    const random = createRandom(7);
    const leaves = inputs.map(([shape], at) => input(`x${at}`, shape));
    const tangents = leaves.map(({ shape }, at) => input(`t${at}`, shape));
    const y = build(...leaves);
    const cotangent = input('c', y.shape);

    const feeds: Record<string, Float32Array> = {};
    inputs.forEach(([shape, drawn], at) => {
      feeds[`x${at}`] = draw(random, shape, drawn);
      feeds[`t${at}`] = draw(random, shape, 'smooth');
    });
    feeds['c'] = draw(random, y.shape, 'smooth');

    const [tangent] = jvp([y], leaves, tangents);
    const cotangents = vjp([y], leaves, [cotangent]);
    const outputs: Record<string, Tensor> = { y, ...(tangent ? { tangent } : {}) };
    cotangents.forEach((value, at) => (outputs[`cotangent${at}`] = value));
    const needed = new Set(Object.values(outputs).flatMap((output) => inputNames(output)));
    const fed = Object.fromEntries(Object.entries(feeds).filter(([name]) => needed.has(name)));
    const values = await compute(executor, outputs, fed);

    const [expected] = referenceEvaluate([y], feeds);
    expectClose(values['y']!, expected!, tolerances.primitive, 'value');

    const directions = Object.fromEntries(leaves.map((_leaf, at) => [`x${at}`, feeds[`t${at}`]!]));
    const [derivative] = finiteDifference([y], feeds, directions);
    expectClose(
      values['tangent'] ?? new Float32Array(derivative!.length),
      derivative!,
      tolerances.primitive,
      'jvp',
    );

    // Each cotangent separately: ⟨c, J tᵢ⟩ by differences against ⟨Jᵀc, tᵢ⟩.
    leaves.forEach((leaf, at) => {
      const name = `x${at}`;
      expect(cotangents[at]!.shape).toEqual(leaf.shape);
      const [along] = finiteDifference([y], feeds, { [name]: feeds[`t${at}`]! });
      const [byDifference, byVjp] = [
        dot(feeds['c']!, along!),
        dot(values[`cotangent${at}`]!, feeds[`t${at}`]!),
      ];
      expectClose([byVjp], [byDifference], tolerances.primitive, `vjp of ${name}`);
    });
  });
});

describe('the table of primitive cases', () => {
  it('covers every kind of operation', () => {
    const all: Record<Exclude<OperationKind, 'input'>, true> = {
      constant: true, detach: true, toIndex: true, floor: true, negate: true, exp: true, log: true, sqrt: true, reciprocal: true, tanh: true, sigmoid: true,
      abs: true, sign: true, step: true, leakyRelu: true, leakyGate: true, add: true, subtract: true, multiply: true,
      divide: true, maximum: true, minimum: true, equal: true, sum: true, mean: true, max: true, matmul: true, standardize: true, inverseDeviation: true,
      conv2d: true, conv2dInputGradient: true, conv2dFilterGradient: true, pad: true, slice: true, reflectPad: true,
      reflectFold: true, concat: true, reshape: true, transpose: true, broadcast: true, gather: true, scatterAdd: true,
    }; // prettier-ignore
    expect(new Set(primitiveCases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(all)));
  });
});

/** Names of the inputs that a tensor depends on. */
function inputNames(tensor: Tensor): string[] {
  if (tensor.operation.kind === 'input') return [tensor.operation.name];
  return tensor.inputs.flatMap(inputNames);
}
