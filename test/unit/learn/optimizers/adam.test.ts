import { describe, expect, it } from 'vitest';
import { adamCorrections, adamUpdate } from '../../../../src-main/learn/optimizers/adam.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { compute, executorsUnderTest } from '../../tensor/executorsUnderTest.ts';

/** Algorithm 1 of Kingma & Ba 2015 as written there, in float64. */
function published(value: number, gradients: readonly number[], rate: number): number[] {
  let [first, second] = [0, 0];
  return gradients.map((gradient, at) => {
    first = 0.5 * first + 0.5 * gradient;
    second = 0.999 * second + 0.001 * gradient ** 2;
    const [firstHat, secondHat] = [first / (1 - 0.5 ** (at + 1)), second / (1 - 0.999 ** (at + 1))];
    value -= (rate * firstHat) / (Math.sqrt(secondHat) + 1e-8);
    return value;
  });
}

describe.each(executorsUnderTest)('Adam on %s', (_name, open) => {
  it('moves parameters as published, large gradients and tiny ones alike', async () => {
    const executor = await open();
    const gradients = [
      [1, -2, 1e-3, 1e-8, 0],
      [0.5, 3, -1e-3, 2e-8, 0],
      [-4, 3, 2e-3, -1e-8, 0],
    ];
    const shape = [5];
    const scalar = (name: string) => input(name, []);
    const step = adamUpdate(
      { value: input('value', shape), first: input('first', shape), second: input('second', shape) },
      input('gradient', shape),
      {
        learningRate: scalar('rate'),
        firstCorrection: scalar('firstCorrection'),
        secondCorrection: scalar('secondCorrection'),
      },
    );
    const zeros = (): Float32Array => new Float32Array(5);
    let state = { value: zeros(), first: zeros(), second: zeros() };
    for (const [at, gradient] of gradients.entries()) {
      const { firstCorrection, secondCorrection } = adamCorrections(at + 1);
      state = await compute(executor, { ...step }, {
        ...state,
        gradient: Float32Array.from(gradient),
        rate: Float32Array.of(0.01),
        firstCorrection: Float32Array.of(firstCorrection),
        secondCorrection: Float32Array.of(secondCorrection),
      }); // prettier-ignore
      for (const [k, value] of state.value.entries()) {
        const own = gradients.map((row) => row[k]!);
        expect(value).toBeCloseTo(published(0, own, 0.01)[at]!, 7);
      }
    }
    await executor.dispose();
  });
});
