/** Reductions over axes; the reduced axes stay with extent 1 (`reshape` drops them where that is wanted). No axes: x itself. */
import { makeTensor, type Shape, type Tensor } from '../tensor.ts';

type ReductionKind = 'sum' | 'mean' | 'max';

function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  for (const axis of axes)
    if (axis < 0 || axis >= shape.length) throw new RangeError(`There is no axis ${axis} to reduce.`);
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function reduce(kind: ReductionKind, x: Tensor, axes: readonly number[]): Tensor {
  const shape = reducedShape(x.shape, axes);
  // ONNX takes an empty list of axes for all of them, so a reduction over none must not reach an executor.
  return axes.length === 0 ? x : makeTensor({ kind, axes }, [x], shape);
}

function allAxes(x: Tensor): number[] {
  return x.shape.map((_, axis) => axis);
}

/** Sum over `axes` (all by default), kept as extent 1. */
export function sum(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return reduce('sum', x, axes);
}

/** Largest value over `axes`, kept as extent 1; among ties the derivative is shared equally. */
export function max(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return reduce('max', x, axes);
}

/** Mean over `axes` (all by default), kept as extent 1. */
export function mean(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return reduce('mean', x, axes);
}
