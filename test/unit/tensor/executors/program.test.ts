/** What every executor promises about feeds, handles and state. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { DeviceTensor, Executor } from '../../../../src-main/tensor/executor.ts';
import { gradient } from '../../../../src-main/tensor/gradient.ts';
import { conv2d, padAll } from '../../../../src-main/tensor/primitives/convolution.ts';
import {
  abs,
  add,
  divide,
  multiply,
  relu,
  sqrt,
  subtract,
} from '../../../../src-main/tensor/primitives/elementwise.ts';
import { gather } from '../../../../src-main/tensor/primitives/indexing.ts';
import { reshape } from '../../../../src-main/tensor/primitives/layout.ts';
import { constant, input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { mean } from '../../../../src-main/tensor/primitives/reductions.ts';
import { sizeOf } from '../../../../src-main/tensor/tensor.ts';
import { expectClose } from '../compare.ts';
import { draw } from '../draw.ts';
import { executorsUnderTest } from '../executorsUnderTest.ts';
import { tolerances } from '../tolerances.ts';

describe.each(executorsUnderTest)('a program on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  const x = input('x', [2, 3]);
  const handle = (values: number[], shape: number[]): DeviceTensor =>
    executor.upload(Float32Array.from(values), shape);
  const read = async (tensor: DeviceTensor | undefined): Promise<number[]> => [...(await tensor!.read())];

  it.each<readonly [string, () => Record<string, DeviceTensor | Float32Array | Int32Array>]>([
    ['a missing input', () => ({})],
    ['too few values', () => ({ x: new Float32Array(5) })],
    ['integers for floats', () => ({ x: new Int32Array(6) })],
    ['a handle of another shape', () => ({ x: handle([1, 2, 3, 4, 5, 6], [3, 2]) })],
    ['a handle that is not the executor’s', () => ({ x: { shape: [2, 3], read: () => Promise.resolve(new Float32Array(6)), dispose: () => undefined } })], // prettier-ignore
  ])('refuses %s', async (_what, feeds) => {
    const program = await executor.compile({ y: add(x, 1) });
    await expect(program.run(feeds())).rejects.toThrow(RangeError);
  });

  it('refuses floats for indices', async () => {
    const program = await executor.compile({ y: gather(x, input('i', [2], 'int32'), 1) });
    const x6 = new Float32Array(6);
    await expect(program.run({ x: x6, i: new Float32Array(2) })).rejects.toThrow(RangeError);
    const { y } = await program.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6), i: Int32Array.of(2, 0) });
    expect(await read(y)).toEqual([3, 1, 6, 4]);
  });

  it('refuses two inputs of one name', async () => {
    await expect(async () => executor.compile({ y: add(input('x', [2]), input('x', [2])) })).rejects.toThrow(
      RangeError,
    );
  });

  it('keeps values apart from the arrays they were fed from', async () => {
    const fed = Float32Array.of(1, 2, 3, 4, 5, 6);
    const uploaded = executor.upload(fed, [2, 3]);
    const program = await executor.compile({ same: x, flat: reshape(x, [6]), twice: multiply(x, 2) });
    const first = await program.run({ x: fed });
    fed.fill(0);
    expect(await read(first['same'])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await read(first['flat'])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await read(uploaded)).toEqual([1, 2, 3, 4, 5, 6]);
    const second = await program.run({ x: uploaded });
    expect(await read(second['twice'])).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('leaves held results alone in later runs, also after handles were disposed twice', async () => {
    const program = await executor.compile({ y: multiply(x, 2) });
    const run = async (value: number): Promise<DeviceTensor> => (await program.run({ x: new Float32Array(6).fill(value) }))['y']!; // prettier-ignore
    const gone = await run(1);
    gone.dispose();
    gone.dispose();
    const held = await Promise.all([run(2), run(3), run(4)]);
    expect((await read(held[0])).concat(await read(held[1]), await read(held[2]))).toEqual(
      [4, 6, 8].flatMap((value) => new Array<number>(6).fill(value)),
    );
    held[1].dispose();
    const next = await run(5);
    expect(await read(held[0])).toEqual(new Array(6).fill(4));
    expect(await read(held[2])).toEqual(new Array(6).fill(8));
    expect(await read(next)).toEqual(new Array(6).fill(10));
  });

  it('feeds state back for many steps', async () => {
    const state = input('state', [3]);
    const program = await executor.compile({ next: add(multiply(state, 2), 1) }, { resident: ['next'] });
    let held = executor.upload(Float32Array.of(0, 1, 2), [3]);
    for (let step = 0; step < 10; step++) {
      const { next } = await program.run({ state: held });
      held.dispose();
      held = next!;
    }
    expect(await read(held)).toEqual([0, 1, 2].map((start) => (start + 1) * 1024 - 1));
  });

  it('can return one value under two names, an input under its own, and a constant', async () => {
    const y = add(x, 1);
    const program = await executor.compile({ a: y, b: y, x, c: constant(Float32Array.of(7), [1]) });
    const { a, b, x: same, c } = await program.run({ x: new Float32Array(6) });
    a!.dispose();
    expect(await read(b)).toEqual(new Array(6).fill(1));
    expect(await read(same)).toEqual(new Array(6).fill(0));
    expect(await read(c)).toEqual([7]);
  });
});

describe('the executors', () => {
  it('agree on three Adam steps of a small net', async () => {
    const random = createRandom(2);
    const [images, target] = [input('images', [2, 2, 9, 8]), input('target', [2, 1, 9, 8])];
    const shapes = { first: [12, 2, 3, 3], second: [1, 12, 3, 3] } as const;
    const names = ['first', 'second'] as const;
    const leaves = (prefix: string) => names.map((name) => input(`${prefix}${name}`, shapes[name]));
    const [weights, m, v] = [leaves(''), leaves('m:'), leaves('v:')];
    const hidden = relu(conv2d(images, weights[0]!, { padding: padAll(1) }));
    const loss = mean(abs(subtract(conv2d(hidden, weights[1]!, { padding: padAll(1) }), target)));
    const outputs: Record<string, ReturnType<typeof input>> = { loss };
    gradient(loss, weights).forEach((g, at) => {
      const nextM = add(multiply(m[at]!, 0.5), multiply(g, 0.5));
      const nextV = add(multiply(v[at]!, 0.9), multiply(multiply(g, g), 0.1));
      outputs[`m:${names[at]!}`] = nextM;
      outputs[`v:${names[at]!}`] = nextV;
      outputs[names[at]!] = subtract(weights[at]!, divide(multiply(nextM, 0.01), add(sqrt(nextV), 1e-3)));
    });
    const feeds = {
      images: draw(random, images.shape, 'smooth'),
      target: draw(random, target.shape, 'smooth'),
    };
    const initial = Object.fromEntries(
      ['', 'm:', 'v:'].flatMap((prefix) =>
        names.map((name) => [
          `${prefix}${name}`,
          prefix ? new Float32Array(sizeOf(shapes[name])) : draw(random, shapes[name], 'smooth'),
        ]),
      ),
    ) as Record<string, Float32Array>;
    const final = await Promise.all(
      executorsUnderTest.map(async ([, open]) => {
        const executor = await open();
        const program = await executor.compile(outputs);
        const state: Record<string, DeviceTensor | Float32Array> = { ...initial };
        for (let step = 0; step < 3; step++) {
          const results = await program.run({ ...feeds, ...state });
          for (const name of Object.keys(initial)) state[name] = results[name]!;
        }
        const values = await Promise.all(names.map(async (name) => (await (state[name] as DeviceTensor).read()).slice())); // prettier-ignore
        await executor.dispose();
        return values;
      }),
    );
    names.forEach((name, at) => expectClose(final[0]![at]!, final[1]![at]!, tolerances.executors, name));
    expectChanged(final[0]![0]!, initial['first']!);
  });
});

function expectChanged(actual: Float32Array, before: Float32Array): void {
  expect(actual.some((value, at) => Math.abs(value - before[at]!) > 1e-3)).toBe(true);
}
