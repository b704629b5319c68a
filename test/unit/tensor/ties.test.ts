/** Values and derivatives exactly at ties and kinks, where finite differences say nothing: the conventions of the primitives' docs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../src-main/tensor/executor.ts';
import { vjp } from '../../../src-main/tensor/gradient.ts';
import { jvp } from '../../../src-main/tensor/jvp.ts';
import * as ew from '../../../src-main/tensor/primitives/elementwise.ts';
import { constant, input } from '../../../src-main/tensor/primitives/leaves.ts';
import { max } from '../../../src-main/tensor/primitives/reductions.ts';
import type { Tensor } from '../../../src-main/tensor/tensor.ts';
import { compute, executorsUnderTest } from './executorsUnderTest.ts';

const ones = (shape: readonly number[]): Tensor => constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape); // prettier-ignore

describe.each(executorsUnderTest)('ties and kinks on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  it('max shares the derivative equally among ties', async () => {
    const x = input('x', [2, 4]);
    const y = max(x, [1]);
    const direction = constant(Float32Array.of(1, 10, 100, 1000, 1, 10, 100, 1000), [2, 4]);
    const [tangent] = jvp([y], [x], [direction]);
    const [cotangent] = vjp([y], [x], [constant(Float32Array.of(6, 6), [2, 1])]);
    const values = await compute(executor, { y, tangent: tangent!, cotangent: cotangent! }, { x: Float32Array.of(1, 3, 3, 2, 5, 5, 5, 4) }); // prettier-ignore
    expect([...values.y]).toEqual([3, 5]);
    expect([...values.tangent]).toEqual([55, 37]);
    expect([...values.cotangent]).toEqual([0, 3, 3, 0, 2, 2, 2, 0]);
  });

  it.each([
    ['maximum', ew.maximum, [2, 2, 3], [0, 1, 1], [1, 0, 0]],
    ['minimum', ew.minimum, [1, 2, 2], [1, 1, 0], [0, 0, 1]],
  ] as const)(
    '%s gives the derivative of a tie to its first operand',
    async (_name, apply, y, first, second) => {
      const [a, b] = [input('a', [3]), input('b', [3])];
      const value = apply(a, b);
      const [toFirst, toSecond] = vjp([value], [a, b], [ones([3])]);
      const [tangent] = jvp([value], [a, b], [ones([3]), constant(Float32Array.of(10, 10, 10), [3])]);
      const feeds = { a: Float32Array.of(1, 2, 3), b: Float32Array.of(2, 2, 2) };
      const values = await compute(
        executor,
        { value, toFirst: toFirst!, toSecond: toSecond!, tangent: tangent! },
        feeds,
      );
      expect([...values.value]).toEqual(y);
      expect([...values.toFirst]).toEqual(first);
      expect([...values.toSecond]).toEqual(second);
      expect([...values.tangent]).toEqual(first.map((from, at) => from + 10 * second[at]!));
    },
  );

  it('a kink at zero takes the documented side', async () => {
    const x = input('x', [3]);
    const outputs: Record<string, Tensor> = { sign: ew.sign(x), step: ew.step(x), equal: ew.equal(x, 0) };
    for (const [name, y] of [['relu', ew.relu(x)], ['leaky', ew.leakyRelu(x, 0.25)], ['abs', ew.abs(x)]] as const)
      outputs[name] = vjp([y], [x], [ones([3])])[0]!; // prettier-ignore
    const values = await compute(executor, outputs, { x: Float32Array.of(-1, 0, 1) });
    expect([...values['sign']!]).toEqual([-1, 0, 1]);
    expect([...values['step']!]).toEqual([0, 0, 1]);
    expect([...values['equal']!]).toEqual([0, 1, 0]);
    expect([...values['relu']!]).toEqual([0, 0, 1]);
    expect([...values['leaky']!]).toEqual([0.25, 0.25, 1]);
    expect([...values['abs']!]).toEqual([-1, 0, 1]);
  });
});
