/** A graph that does not fit cannot be built. */
import { describe, expect, it } from 'vitest';
import { gradient } from '../../../src-main/tensor/gradient.ts';
import * as conv from '../../../src-main/tensor/primitives/convolution.ts';
import * as ew from '../../../src-main/tensor/primitives/elementwise.ts';
import { gather, scatterAdd } from '../../../src-main/tensor/primitives/indexing.ts';
import * as layout from '../../../src-main/tensor/primitives/layout.ts';
import { constant, input } from '../../../src-main/tensor/primitives/leaves.ts';
import { matmul } from '../../../src-main/tensor/primitives/matmul.ts';
import { sum } from '../../../src-main/tensor/primitives/reductions.ts';
import { broadcastShapes, type Shape, type Tensor } from '../../../src-main/tensor/tensor.ts';

const of = (...shape: number[]): Tensor => input('x', shape);
const indices = (count: number): Tensor => input('i', [count], 'int32');

describe('shape checks', () => {
  it.each<readonly [string, () => unknown]>([
    ['an extent of zero', () => of(2, 0)],
    ['an extent that is no integer', () => of(1.5)],
    ['operands that do not broadcast', () => ew.add(of(2, 3), of(4))],
    ['a slope above one', () => ew.leakyRelu(of(2), 1.5)],
    ['a slope below zero', () => ew.leakyGate(of(2), of(2), -0.1)],
    ['a gate of another shape', () => ew.leakyGate(of(2), of(3), 0)],
    ['a constant with too few values', () => constant(new Float32Array(3), [2, 2])],
    ['a sum over a missing axis', () => sum(of(2), [1])],
    ['matrices whose inner extents differ', () => matmul(of(2, 3), of(4, 5))],
    ['matrices of different batches', () => matmul(of(2, 2, 3), of(3, 3, 4))],
    ['matrices of different rank', () => matmul(of(2, 3), of(1, 3, 4))],
    ['a vector in a matrix product', () => matmul(of(3), of(3))],
    ['a convolution of three axes', () => conv.conv2d(of(3, 4, 4), of(2, 3, 3, 3))],
    ['a convolution with other channels', () => conv.conv2d(of(1, 3, 4, 4), of(2, 4, 3, 3))],
    ['a kernel larger than the image', () => conv.conv2d(of(1, 1, 2, 2), of(1, 1, 3, 3))],
    [
      'an input gradient of another extent',
      () => conv.conv2dInputGradient(of(1, 2, 4, 4), of(2, 1, 3, 3), [5, 5]),
    ],
    [
      'a filter gradient of another extent',
      () => conv.conv2dFilterGradient(of(1, 1, 5, 5), of(1, 2, 4, 4), [3, 3]),
    ],
    [
      'a filter gradient of another batch',
      () => conv.conv2dFilterGradient(of(2, 1, 5, 5), of(1, 2, 3, 3), [3, 3]),
    ],
    ['a reshape to another size', () => layout.reshape(of(2, 3), [4])],
    ['a transpose that repeats an axis', () => layout.transpose(of(2, 3), [0, 0])],
    ['a transpose that misses an axis', () => layout.transpose(of(2, 3), [0])],
    ['a broadcast that shrinks', () => layout.broadcast(of(2, 3), [1, 3])],
    ['a join of nothing', () => layout.concat([], 0)],
    ['a join of other extents', () => layout.concat([of(2, 3), of(2, 4)], 0)],
    ['a slice past the end', () => layout.slice(of(4), [2], [2], [2])],
    ['a slice from before the start', () => layout.slice(of(4), [-1], [2])],
    ['a slice with a step of zero', () => layout.slice(of(4), [0], [2], [0])],
    ['a slice of too few axes', () => layout.slice(of(4, 4), [0], [2])],
    ['a negative pad', () => layout.pad(of(2), [-1], [0])],
    ['a reflection as wide as the image', () => layout.reflectPad(of(1, 1, 3, 3), [3, 0, 0, 0])],
    ['a folding as wide as what is left', () => layout.reflectFold(of(1, 1, 5, 5), [2, 2, 2, 2])],
    ['indices that are floats', () => gather(of(3), of(2), 0)],
    ['indices that are no vector', () => gather(of(3), input('i', [2, 1], 'int32'), 0)],
    ['a gather along a missing axis', () => gather(of(3), indices(2), 1)],
    ['a scatter of another count', () => scatterAdd(of(3), indices(2), 0, 5)],
    ['the gradient of more than one number', () => gradient(of(2), [])],
  ])('refuse %s', (_, build) => {
    expect(build).toThrow(RangeError);
  });

  it.each<readonly [Shape, Shape, Shape]>([
    [[], [2], [2]],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [
      [5, 1, 4],
      [3, 1],
      [5, 3, 4],
    ],
  ])('broadcast %j and %j to %j', (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected);
    expect(broadcastShapes(b, a)).toEqual(expected);
  });
});
