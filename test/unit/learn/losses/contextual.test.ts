import { describe, expect, it } from 'vitest';
import { contextualLoss, type ContextualForm } from '../../../../src-main/learn/losses/contextual.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { gradient } from '../../../../src-main/tensor/gradient.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { dot, expectClose } from '../../tensor/compare.ts';
import { draw } from '../../tensor/draw.ts';
import { compute, executorsUnderTest } from '../../tensor/executorsUnderTest.ts';
import { finiteDifference } from '../../tensor/referenceEvaluate.ts';

const [n, c, p] = [2, 5, 9];
const forms: readonly ContextualForm[] = [
  { form: 'contextual', bandwidth: 0.5 },
  { form: 'nearest', bandwidth: 0.5 },
];
const features = (seed: number): Float32Array => draw(createRandom(seed), [n, c, p], 'smooth');
/** Every position of one image shows what position `source(position)` of `values` shows. */
const moved = (values: Float32Array, source: (position: number) => number): Float32Array =>
  values.map((_, at) => values[at - (at % p) + source(at % p)]!);

describe.each(executorsUnderTest)('the contextual loss on %s', (_name, open) => {
  const lossOf = async (
    x: Float32Array,
    y: Float32Array,
    form: ContextualForm,
  ): Promise<{ loss: number; slope: Float32Array }> => {
    const [a, b] = [input('x', [n, c, p]), input('y', [n, c, p])];
    const loss = contextualLoss(a, b, form);
    const executor: Executor = await open();
    const outputs = { loss, slope: gradient(loss, [a])[0]! };
    const values = await compute(executor, outputs, { x, y });
    await executor.dispose();
    return { loss: values.loss[0]!, slope: values.slope };
  };

  it.each(forms)('is nothing for equal features, wherever they lie: $form', async (form) => {
    const x = features(1);
    expect((await lossOf(x, x, form)).loss).toBeLessThan(1e-4);
    expect(
      (
        await lossOf(
          moved(x, (at) => p - 1 - at),
          x,
          form,
        )
      ).loss,
    ).toBeLessThan(1e-4);
    expect((await lossOf(features(2), x, form)).loss).toBeGreaterThan(0.1);
  });

  it.each(forms)('does not take one feature of the target for all of them: $form', async (form) => {
    const y = features(3);
    const collapsed = (
      await lossOf(
        moved(y, () => 4),
        y,
        form,
      )
    ).loss;
    expect(collapsed).toBeGreaterThan(0.5 * (await lossOf(features(4), y, form)).loss);
  });

  it.each(forms)('has a finite value and derivative on constant regions: $form', async (form) => {
    const constant = new Float32Array(n * c * p).fill(0.3);
    const half = features(5).map((value, at) => (at % p < 5 ? 0 : value));
    for (const [x, y] of [
      [constant, constant],
      [new Float32Array(n * c * p), new Float32Array(n * c * p)],
      [constant, features(6)],
      [features(6), constant],
      [half, half],
      [half, features(7)],
    ] as const) {
      const { loss, slope } = await lossOf(x, y, form);
      expect(Number.isFinite(loss)).toBe(true);
      expect(slope.every(Number.isFinite)).toBe(true);
    }
  });

  it.each(forms)('has the derivative that differences show: $form', async (form) => {
    const [x, y, t] = [features(8), features(9), features(10)];
    const [a, b] = [input('x', [n, c, p]), input('y', [n, c, p])];
    const [along] = finiteDifference([contextualLoss(a, b, form)], { x, y }, { x: t }, 1e-6);
    expectClose([dot((await lossOf(x, y, form)).slope, t)], along!, 1e-4);
  });
});
