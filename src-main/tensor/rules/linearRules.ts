/** Derivatives of reductions, products and convolutions. */
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  kernelExtents,
} from '../primitives/convolution.ts';
import { add, divide, equal, multiply, negate } from '../primitives/elementwise.ts';
import { broadcast, transpose } from '../primitives/layout.ts';
import { matmul } from '../primitives/matmul.ts';
import { mean, sum } from '../primitives/reductions.ts';
import { inverseDeviation, standardize } from '../primitives/standardize.ts';
import { extentAt, sizeOf, type Tensor } from '../tensor.ts';
import { addTangents } from './accumulate.ts';
import { inputOf, type Rules, type Tangents } from './rule.ts';

/** The product rule for an operation linear in each of its two inputs. */
function bilinear(y: Tensor, [ta, tb]: Tangents, apply: (a: Tensor, b: Tensor) => Tensor): Tensor | null {
  return addTangents(ta ? apply(ta, inputOf(y, 1)) : null, tb ? apply(inputOf(y, 0), tb) : null);
}

function swapLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(
    x,
    x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
  );
}

function imageExtents(x: Tensor): readonly [number, number] {
  return [extentAt(x.shape, 2), extentAt(x.shape, 3)];
}

export const linearRules: Rules<
  | 'sum'
  | 'mean'
  | 'max'
  | 'standardize'
  | 'inverseDeviation'
  | 'matmul'
  | 'conv2d'
  | 'conv2dInputGradient'
  | 'conv2dFilterGradient'
> = {
  sum: {
    jvp: (_, [t], { axes }) => (t ? sum(t, axes) : null),
    transpose: (y, cotangent) => broadcast(cotangent, inputOf(y, 0).shape),
  },
  mean: {
    jvp: (_, [t], { axes }) => (t ? mean(t, axes) : null),
    transpose(y, cotangent) {
      const { shape } = inputOf(y, 0);
      return broadcast(multiply(cotangent, sizeOf(y.shape) / sizeOf(shape)), shape);
    },
  },
  max: {
    jvp(y, [t], { axes }) {
      if (!t) return null;
      const winners = equal(inputOf(y, 0), y);
      return divide(sum(multiply(t, winners), axes), sum(winners, axes));
    },
  },
  standardize: {
    // ẏ = r (ẋ − mean ẋ − y mean(y ẋ)), self-adjoint in ẋ.
    jvp(y, [t], { epsilon }) {
      if (!t) return null;
      const r = inverseDeviation(inputOf(y, 0), epsilon);
      // The small factors carry the sign, so that no image-sized tensor has to be negated.
      const opposite = negate(r);
      const along = multiply(mean(multiply(y, t), [2, 3]), opposite);
      const level = multiply(mean(t, [2, 3]), opposite);
      return add(add(multiply(t, r), multiply(y, along)), level);
    },
  },
  inverseDeviation: {
    // ṙ = −r² mean(y ẋ)
    jvp(r, [t], { epsilon }) {
      if (!t) return null;
      const y = standardize(inputOf(r, 0), epsilon);
      return negate(multiply(multiply(r, r), mean(multiply(y, t), [2, 3])));
    },
  },
  matmul: {
    jvp: (y, tangents) => bilinear(y, tangents, matmul),
    transpose: (y, cotangent, operand) =>
      operand === 0 ? matmul(cotangent, swapLast(inputOf(y, 1))) : matmul(swapLast(inputOf(y, 0)), cotangent),
  },
  conv2d: {
    jvp: (y, tangents, options) => bilinear(y, tangents, (x, w) => conv2d(x, w, options)),
    transpose(y, cotangent, operand, options) {
      const [x, w] = [inputOf(y, 0), inputOf(y, 1)];
      return operand === 0
        ? conv2dInputGradient(cotangent, w, imageExtents(x), options)
        : conv2dFilterGradient(x, cotangent, kernelExtents(w.shape), options);
    },
  },
  conv2dInputGradient: {
    jvp: (y, tangents, options) =>
      bilinear(y, tangents, (dy, w) => conv2dInputGradient(dy, w, imageExtents(y), options)),
    transpose(y, cotangent, operand, options) {
      const [dy, w] = [inputOf(y, 0), inputOf(y, 1)];
      return operand === 0
        ? conv2d(cotangent, w, options)
        : conv2dFilterGradient(cotangent, dy, kernelExtents(w.shape), options);
    },
  },
  conv2dFilterGradient: {
    jvp: (y, tangents, options) =>
      bilinear(y, tangents, (x, dy) => conv2dFilterGradient(x, dy, kernelExtents(y.shape), options)),
    transpose(y, cotangent, operand, options) {
      const [x, dy] = [inputOf(y, 0), inputOf(y, 1)];
      return operand === 0
        ? conv2dInputGradient(dy, cotangent, imageExtents(x), options)
        : conv2d(x, cotangent, options);
    },
  },
};
