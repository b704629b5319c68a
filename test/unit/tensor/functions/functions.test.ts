import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { dropoutMask } from '../../../../src-main/tensor/functions/dropoutMask.ts';
import { maxPool2d } from '../../../../src-main/tensor/functions/maxPool2d.ts';
import { resize2d, type ResizeMode } from '../../../../src-main/tensor/functions/resize2d.ts';
import { warp2d } from '../../../../src-main/tensor/functions/warp2d.ts';
import { vjp } from '../../../../src-main/tensor/gradient.ts';
import { jvp } from '../../../../src-main/tensor/jvp.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import type { Shape, Tensor } from '../../../../src-main/tensor/tensor.ts';
import { dot, expectClose } from '../compare.ts';
import { draw } from '../draw.ts';
import { compute, executorsUnderTest } from '../executorsUnderTest.ts';
import type { Drawn } from '../primitiveCases.ts';
import { finiteDifference } from '../referenceEvaluate.ts';
import { tolerances } from '../tolerances.ts';

describe.each(executorsUnderTest)('composites on %s', (_, open) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await open();
  });
  afterAll(() => executor.dispose());

  const apply = async (
    shape: Shape,
    values: readonly number[],
    build: (x: Tensor) => Tensor,
  ): Promise<number[]> => {
    const y = build(input('x', shape));
    return [...(await compute(executor, { y }, { x: Float32Array.from(values) })).y];
  };
  const ramp = (count: number): number[] => Array.from({ length: count }, (_value, at) => at + 1);

  // The 2 → 4 rows are the examples in the documentation of torch.nn.Upsample; the others follow from its formula by hand.
  it.each<readonly [ResizeMode, Shape, readonly [number, number], readonly number[]]>([
    ['nearest', [1, 1, 2, 2], [4, 4], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]],
    [
      'bilinear',
      [1, 1, 2, 2],
      [4, 4],
      [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4],
    ],
    ['bilinear', [1, 1, 1, 4], [1, 2], [1.5, 3.5]],
    ['bilinear', [1, 1, 3, 1], [2, 1], [1.25, 2.75]],
    ['nearest', [1, 1, 1, 4], [1, 2], [2, 4]],
    ['nearest', [1, 1, 1, 2], [1, 5], [1, 1, 2, 2, 2]],
    ['nearest', [1, 1, 2, 2], [2, 2], [1, 2, 3, 4]],
  ])('%s resize of %j to %j', async (mode, shape, to, expected) => {
    const count = shape.reduce((a, b) => a * b);
    expectClose(
      await apply(shape, ramp(count), (x) => resize2d(x, to, mode)),
      expected,
      tolerances.primitive,
    );
  });

  it('resizes every channel of every image alike', async () => {
    const values = draw(createRandom(1), [2, 3, 4, 5], 'smooth');
    const all = await apply([2, 3, 4, 5], [...values], (x) => resize2d(x, [7, 3], 'bilinear'));
    const last = await apply([1, 1, 4, 5], [...values.slice(100)], (x) => resize2d(x, [7, 3], 'bilinear'));
    expectClose(all.slice(105), last, tolerances.primitive);
  });

  it('pools the largest of each window, also where windows overlap or leave a rest', async () => {
    const values = [1, 9, 2, 3, 4, 8, 7, 5, 6, 0, 3, 1, 2, 2, 9];
    expect(await apply([1, 1, 3, 5], values, (x) => maxPool2d(x, 2))).toEqual([9, 6]);
    expect(await apply([1, 1, 3, 5], values, (x) => maxPool2d(x, 2, 1))).toEqual([9, 9, 6, 6, 8, 7, 6, 9]);
    expect(await apply([1, 1, 3, 5], values, (x) => maxPool2d(x, 3, 2))).toEqual([9, 9]);
  });

  it('gives the derivative of tied pools to the first element', async () => {
    const x = input('x', [1, 1, 2, 2]);
    const [dx] = vjp([maxPool2d(x, 2)], [x], [input('c', [1, 1, 1, 1])]);
    const values = await compute(
      executor,
      { dx: dx! },
      { x: Float32Array.of(1, 5, 5, 5), c: Float32Array.of(2) },
    );
    expect([...values.dx]).toEqual([0, 2, 0, 0]);
  });

  it.each<readonly [string, Shape, Drawn, (x: Tensor) => Tensor]>([
    ['maxPool2d', [2, 2, 5, 6], 'distinct', (x) => maxPool2d(x, 2)],
    ['overlapping maxPool2d', [1, 2, 7, 5], 'distinct', (x) => maxPool2d(x, 3, 2)],
    ['enlarging bilinear resize2d', [2, 2, 3, 4], 'smooth', (x) => resize2d(x, [5, 8], 'bilinear')],
    ['shrinking bilinear resize2d', [1, 2, 7, 8], 'smooth', (x) => resize2d(x, [3, 4], 'bilinear')],
    ['nearest resize2d', [1, 2, 3, 4], 'smooth', (x) => resize2d(x, [6, 6], 'nearest')],
  ])('%s: tangent and cotangent agree with differences', async (_name, shape, drawn, build) => {
    const random = createRandom(4);
    const [x, t] = [input('x', shape), input('t', shape)];
    const y = build(x);
    const c = input('c', y.shape);
    const feeds = {
      x: draw(random, shape, drawn),
      t: draw(random, shape, 'smooth'),
      c: draw(random, y.shape, 'smooth'),
    };
    const [tangent] = jvp([y], [x], [t]);
    const [cotangent] = vjp([y], [x], [c]);
    const linear = drawn === 'smooth';
    const { x: fed, ...others } = feeds;
    const values = await compute(
      executor,
      { tangent: tangent!, cotangent: cotangent! },
      linear ? others : { x: fed, ...others },
    );
    const [expected] = finiteDifference([y], feeds, { x: feeds.t });
    expectClose(values.tangent, expected!, tolerances.primitive);
    expectClose([dot(values.cotangent, feeds.t)], [dot(feeds.c, expected!)], tolerances.primitive);
  });

  describe('warp2d', () => {
    const warped = async (image: readonly number[], rows: readonly number[], columns: readonly number[]) => {
      const y = warp2d(input('x', [1, 1, 3, 4]), input('f', [1, 2, 3, 4]));
      const feeds = { x: Float32Array.from(image), f: Float32Array.from([...rows, ...columns]) };
      return [...(await compute(executor, { y }, feeds)).y];
    };
    const [image, none] = [ramp(12), ramp(12).map(() => 0)];
    const all = (value: number): number[] => none.map(() => value);

    it('without flow is the image', async () => {
      expect(await warped(image, none, none)).toEqual(image);
    });

    it('shows the pixel that the flow points at, and beyond the border the border', async () => {
      expect(await warped(image, none, all(1))).toEqual([2, 3, 4, 4, 6, 7, 8, 8, 10, 11, 12, 12]);
      expect(await warped(image, all(-1), none)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await warped(image, all(100), all(-100))).toEqual(all(9));
    });

    it('is bilinear between four pixels', async () => {
      const value = await warped(image, all(0.5), all(0.25));
      // Rows are 4 apart, columns 1; the last row and column stop at the border.
      expect(value).toEqual([3.25, 4.25, 5.25, 6, 7.25, 8.25, 9.25, 10, 9.25, 10.25, 11.25, 12]);
    });

    it('takes every image by its own flow, and all channels alike', async () => {
      const random = createRandom(3);
      const x = draw(random, [2, 2, 3, 4], 'smooth');
      const f = draw(random, [2, 2, 3, 4], 'smooth');
      const y = warp2d(input('x', [2, 2, 3, 4]), input('f', [2, 2, 3, 4]));
      const both = (await compute(executor, { y }, { x, f })).y;
      const one = warp2d(input('x', [1, 1, 3, 4]), input('f', [1, 2, 3, 4]));
      const last = await compute(executor, { one }, { x: x.slice(36), f: f.slice(24) });
      expectClose([...both.slice(36)], [...last.one], tolerances.primitive);
    });

    it('has the tangents and cotangents of image and flow', async () => {
      const random = createRandom(5);
      const shapes = { x: [2, 2, 4, 5], f: [2, 2, 4, 5] };
      const leaves = [input('x', shapes.x), input('f', shapes.f)];
      const tangents = [input('tx', shapes.x), input('tf', shapes.f)];
      const y = warp2d(leaves[0]!, leaves[1]!);
      const feeds = Object.fromEntries(
        ['x', 'f', 'tx', 'tf', 'c'].map((name) => [name, draw(random, shapes.x, 'smooth')]),
      );
      const [tangent] = jvp([y], leaves, tangents);
      const [toImage, toFlow] = vjp([y], leaves, [input('c', y.shape)]);
      const values = await compute(
        executor,
        { tangent: tangent!, toImage: toImage!, toFlow: toFlow! },
        feeds,
      );
      const [expected] = finiteDifference([y], feeds, { x: feeds['tx']!, f: feeds['tf']! });
      expectClose(values.tangent, expected!, tolerances.primitive);
      for (const [name, cotangent] of [['x', values.toImage], ['f', values.toFlow]] as const) {
        const [along] = finiteDifference([y], feeds, { [name]: feeds[`t${name}`]! });
        expectClose([dot(cotangent, feeds[`t${name}`]!)], [dot(feeds['c']!, along!)], tolerances.primitive);
      } // prettier-ignore
    });

    it('refuses a flow that does not fit', () => {
      expect(() => warp2d(input('x', [1, 1, 3, 4]), input('f', [1, 1, 3, 4]))).toThrow(/no flow/);
      expect(() => warp2d(input('x', [1, 1, 1, 4]), input('f', [1, 2, 1, 4]))).toThrow(/no flow/);
    });
  });
});

describe('dropoutMask', () => {
  it.each([0.2, 0.5])('holds 0 and 1/(1 − p) in the right shares, p = %s', (p) => {
    const mask = dropoutMask([10, 10_001], p, createRandom(9));
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(Math.abs(dropped - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / mask.length));
  });

  it.each([0.2, 0.5])('follows from the state alone, and the next one is independent, p = %s', (p) => {
    const [a, b] = [createRandom(5), createRandom(5)];
    const first = dropoutMask([4000], p, a);
    expect(dropoutMask([4000], p, b)).toEqual(first);
    const second = dropoutMask([4000], p, a);
    expect(dropoutMask([4000], p, createRandom(b.state()))).toEqual(second);
    const agree = second.filter((value, at) => value === first[at]).length / second.length;
    const expected = p * p + (1 - p) * (1 - p);
    expect(Math.abs(agree - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / 4000));
  });

  it('drops nothing at p = 0 and refuses what is no probability', () => {
    expect([...dropoutMask([3], 0, createRandom(1))]).toEqual([1, 1, 1]);
    for (const p of [1, -0.1, NaN]) expect(() => dropoutMask([3], p, createRandom(1))).toThrow(RangeError);
  });
});
