import { add } from '../primitives/elementwise.ts';
import { sum } from '../primitives/reductions.ts';
import { reshape } from '../primitives/layout.ts';
import { sameShape, type Shape, type Tensor } from '../tensor.ts';

/** a + b, where null is zero. */
export function addTangents(a: Tensor | null, b: Tensor | null): Tensor | null {
  return a && b ? add(a, b) : (a ?? b);
}

/** The adjoint of broadcasting `shape` to x's shape: sums over the axes that were repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((extent, axis) =>
    axis < missing || (shape[axis - missing] === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(axes.length > 0 ? sum(x, axes) : x, shape);
}
