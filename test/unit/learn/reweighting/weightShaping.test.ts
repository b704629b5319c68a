import { describe, expect, it } from 'vitest';
import {
  rememberMap,
  shapeMap,
  weightsBesideClean,
  weightsOf,
} from '../../../../src-main/learn/reweighting/weightShaping.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { createOnnxExecutor } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import type { Shape, Tensor } from '../../../../src-main/tensor/tensor.ts';
import { compute } from '../../tensor/executorsUnderTest.ts';

const shape: Shape = [3, 1, 20, 20];
const pixels = 400;
const u = input('u', shape);
const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);
const random = createRandom(2);
const drawn = Float32Array.from({ length: 3 * pixels }, () => random.normal());

async function values(tensor: Tensor, feeds: Record<string, Float32Array>): Promise<Float32Array> {
  const executor = createOnnxExecutor('cpu', { threads: 1 });
  const { y } = await compute(executor, { y: tensor }, feeds);
  await executor.dispose();
  return y;
}

describe('shaping the map', () => {
  it('leaves the abstract’s own form as it is', () => {
    expect(shapeMap(u, { smoothing: 1, scaling: 'none', floor: 0 })).toBe(u);
  });

  it('by local scaling makes strong and weak regions alike, whatever the scale of all, and keeps signs', async () => {
    // The left half is a thousand times weaker.
    const uneven = drawn.map((value, at) => (at % 20 < 10 ? 1e-3 * value : value));
    const scaled = (by: number): Promise<Float32Array> =>
      values(shapeMap(u, { smoothing: 1, scaling: 'local', floor: 0 }), { u: uneven.map((one) => by * one) });
    const map = await scaled(1);
    const meanOf = (left: number, right: number): number => {
      const part = map.filter((_, at) => at % 20 >= left && at % 20 < right).map(Math.abs);
      return sumOf(part) / part.length;
    };
    expect(meanOf(0, 3) / meanOf(17, 20)).toBeGreaterThan(0.02);
    map.forEach((value, at) => expect(Math.sign(value)).toBe(Math.sign(uneven[at]!)));
    const small = await scaled(1e-8);
    small.forEach((value, at) => expect(value).toBeCloseTo(map[at]!, 4));
    expect((await scaled(0)).every((value) => value === 0)).toBe(true);
  });
});

describe('remembering the map', () => {
  it('takes u on a slice’s first visit, and a share of what is remembered on a later one', async () => {
    const size = sumOf(drawn.map(Math.abs)) / drawn.length;
    const memory = drawn.map((value) => value / size + 1);
    const kept = Float32Array.of(0, 0.75, 0.75);
    for (const scale of [1, 1e-6]) {
      const mean = await values(rememberMap(u), { u: drawn.map((one) => one * scale), memory, kept });
      mean.forEach((value, at) => expect(value).toBeCloseTo(drawn[at]! / size + (at < pixels ? 0 : 0.75), 4));
    }
    expect(
      (await values(rememberMap(u), { u: drawn.map(() => 0), memory, kept })).every(Number.isFinite),
    ).toBe(true);
  });
});

describe('weights', () => {
  it.each([0, 0.25, 1])('sum to 1 with an even share of %s in every pixel', async (floor) => {
    const w = await values(weightsOf(u, floor), { u: drawn });
    expect(sumOf(w)).toBeCloseTo(1, 5);
    const least = w.reduce((a, b) => Math.min(a, b));
    expect(least).toBeCloseTo(floor / (3 * pixels), 7);
  });

  it('are the even share alone where no u is positive', async () => {
    const w = await values(weightsOf(u, 0.25), { u: drawn.map((value) => -Math.abs(value)) });
    expect(sumOf(w)).toBeCloseTo(0.25, 5);
  });

  it.each([0, 0.4])(
    'give clean slices an even share each, and the others theirs to divide, floor %s',
    async (floor) => {
      const { w, u: learned } = weightsBesideClean(u, floor);
      const feeds = { u: drawn, clean: Float32Array.of(0, 1, 0) };
      const weights = await values(w, feeds);
      const slice = (at: number): Float32Array => weights.subarray(at * pixels, (at + 1) * pixels);
      slice(1).forEach((value) => expect(value).toBeCloseTo(1 / (3 * pixels), 7));
      expect(sumOf(slice(0)) + sumOf(slice(2))).toBeCloseTo(2 / 3, 5);
      expect(slice(0).reduce((a, b) => Math.min(a, b))).toBeCloseTo(floor / (3 * pixels), 7);
      expect((await values(learned, feeds)).subarray(pixels, 2 * pixels).every((value) => value === 0)).toBe(
        true,
      );
    },
  );

  it('are even where every slice is clean', async () => {
    const weights = await values(weightsBesideClean(u, 0).w, { u: drawn, clean: Float32Array.of(1, 1, 1) });
    weights.forEach((value) => expect(value).toBeCloseTo(1 / (3 * pixels), 8));
  });
});
