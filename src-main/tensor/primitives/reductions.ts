/** Reductions over axes; the reduced axes stay with extent 1 (`reshape` drops them where that is wanted). */
import { makeTensor, type Shape, type Tensor } from '../tensor.ts';

function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  for (const axis of axes)
    if (axis < 0 || axis >= shape.length) throw new RangeError(`There is no axis ${axis} to reduce.`);
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function allAxes(x: Tensor): number[] {
  return x.shape.map((_, axis) => axis);
}

/** Sum over `axes` (all by default), kept as extent 1. */
export function sum(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return makeTensor({ kind: 'sum', axes }, [x], reducedShape(x.shape, axes));
}

/** Largest value over `axes`, kept as extent 1; among ties the derivative is shared equally. */
export function max(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return makeTensor({ kind: 'max', axes }, [x], reducedShape(x.shape, axes));
}

/** Mean over `axes` (all by default), kept as extent 1. */
export function mean(x: Tensor, axes: readonly number[] = allAxes(x)): Tensor {
  return makeTensor({ kind: 'mean', axes }, [x], reducedShape(x.shape, axes));
}
