/** For every primitive that is linear in an operand: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, with A applied by the primitive and Aᵀ by its transpose rule. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createRandom } from '../../../src-main/shared/random.ts';
import type { Executor } from '../../../src-main/tensor/executor.ts';
import { vjp } from '../../../src-main/tensor/gradient.ts';
import { input } from '../../../src-main/tensor/primitives/leaves.ts';
import type { OperationKind } from '../../../src-main/tensor/tensor.ts';
import { dot, expectClose } from './compare.ts';
import { draw } from './draw.ts';
import { compute, executorsUnderTest } from './executorsUnderTest.ts';
import { primitiveCases } from './primitiveCases.ts';
import { tolerances } from './tolerances.ts';

/** The operands each primitive is linear in. */
const linearIn: Partial<Record<OperationKind, readonly number[]>> = {
  negate: [0], leakyGate: [1], multiply: [0, 1], divide: [0], sum: [0], mean: [0], matmul: [0, 1],
  conv2d: [0, 1], conv2dInputGradient: [0, 1], conv2dFilterGradient: [0, 1], pad: [0], slice: [0], reflectPad: [0],
  reflectFold: [0], reshape: [0], transpose: [0], broadcast: [0], gather: [0], scatterAdd: [0],
}; // prettier-ignore

const rows = primitiveCases.flatMap((row) =>
  (linearIn[row.kind] ?? []).map((operand) => ({
    ...row,
    operand,
    title: `${row.name} in operand ${operand}`,
  })),
);

describe.each(executorsUnderTest)('adjoints on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  it.each(rows)('$title', async ({ inputs, build, operand }) => {
    const random = createRandom(11);
    const leaves = inputs.map(([shape], at) => input(`x${at}`, shape));
    const y = build(...leaves);
    const c = input('c', y.shape);
    const x = leaves[operand]!;
    const [transposed] = vjp([y], [x], [c]);
    const fixed = Object.fromEntries(
      inputs.map(([shape, drawn], at) => [`x${at}`, draw(random, shape, drawn)]),
    );
    const along = draw(random, x.shape, 'smooth');
    const cotangent = draw(random, y.shape, 'smooth');
    const forward = await compute(executor, { y }, { ...fixed, [`x${operand}`]: along });
    const others = Object.fromEntries(Object.entries(fixed).filter(([name]) => name !== `x${operand}`));
    const backward = await compute(executor, { x: transposed! }, { ...others, c: cotangent });
    const norm = Math.sqrt(dot(forward.y, forward.y) * dot(cotangent, cotangent));
    expectClose(
      [dot(backward.x, along) / norm],
      [dot(forward.y, cotangent) / norm],
      tolerances.adjoint,
      'relative to ‖Ax‖‖y‖',
    );
  });
});
