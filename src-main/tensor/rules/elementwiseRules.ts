/** Derivatives of the elementwise primitives. */
import {
  divide,
  leakyGate,
  multiply,
  negate,
  reciprocal,
  sign,
  step,
  subtract,
} from '../primitives/elementwise.ts';
import { broadcast } from '../primitives/layout.ts';
import type { BinaryKind, Tensor, UnaryKind } from '../tensor.ts';
import { addTangents, sumTo } from './accumulate.ts';
import { inputOf, type Rules, type Tangents } from './rule.ts';

/** A rule of an operation that is not linear, and needs no attributes. */
interface ForwardOnly {
  jvp(y: Tensor, tangents: Tangents): Tensor | null;
}

/** A unary primitive whose derivative is a factor computed from x and y. */
function factor(derivative: (x: Tensor, y: Tensor) => Tensor): ForwardOnly {
  return { jvp: (y, [t]) => (t ? multiply(t, derivative(inputOf(y, 0), y)) : null) };
}

const flat: ForwardOnly = { jvp: () => null };

/** maximum and minimum: the first operand's tangent where it wins or ties, the second's elsewhere. */
function choose(secondWins: (a: Tensor, b: Tensor) => Tensor): ForwardOnly {
  return {
    jvp(y, [ta, tb]) {
      const second = secondWins(inputOf(y, 0), inputOf(y, 1));
      return addTangents(ta ? multiply(ta, subtract(1, second)) : null, tb ? multiply(tb, second) : null);
    },
  };
}

export const elementwiseRules: Rules<UnaryKind | BinaryKind | 'leakyRelu' | 'leakyGate'> = {
  negate: {
    jvp: (_, [t]) => (t ? negate(t) : null),
    transpose: (_, cotangent) => negate(cotangent),
  },
  exp: factor((_, y) => y),
  log: factor((x) => reciprocal(x)),
  sqrt: factor((_, y) => divide(0.5, y)),
  reciprocal: factor((_, y) => negate(multiply(y, y))),
  tanh: factor((_, y) => subtract(1, multiply(y, y))),
  sigmoid: factor((_, y) => multiply(y, subtract(1, y))),
  abs: factor((x) => sign(x)),
  sign: flat,
  step: flat,
  floor: flat,
  equal: flat,
  leakyRelu: { jvp: (y, [t], { slope }) => (t ? leakyGate(inputOf(y, 0), t, slope) : null) },
  leakyGate: {
    jvp: (y, [, t], { slope }) => (t ? leakyGate(inputOf(y, 0), t, slope) : null),
    transpose: (y, cotangent, _, { slope }) => leakyGate(inputOf(y, 0), cotangent, slope),
  },
  add: {
    jvp(y, [ta, tb]) {
      const both = addTangents(ta ?? null, tb ?? null);
      return both && broadcast(both, y.shape);
    },
    transpose: (y, cotangent, operand) => sumTo(cotangent, inputOf(y, operand).shape),
  },
  subtract: {
    jvp(y, [ta, tb]) {
      const difference = ta && tb ? subtract(ta, tb) : (ta ?? (tb ? negate(tb) : null));
      return difference && broadcast(difference, y.shape);
    },
    transpose: (y, cotangent, operand) =>
      sumTo(operand === 0 ? cotangent : negate(cotangent), inputOf(y, operand).shape),
  },
  multiply: {
    jvp: (y, [ta, tb]) =>
      addTangents(ta ? multiply(ta, inputOf(y, 1)) : null, tb ? multiply(inputOf(y, 0), tb) : null),
    transpose: (y, cotangent, operand) =>
      sumTo(multiply(cotangent, inputOf(y, 1 - operand)), inputOf(y, operand).shape),
  },
  divide: {
    jvp: (y, [ta, tb]) =>
      addTangents(
        ta ? divide(ta, inputOf(y, 1)) : null,
        tb ? negate(multiply(tb, divide(y, inputOf(y, 1)))) : null,
      ),
    transpose(y, cotangent, operand) {
      if (operand !== 0) throw new Error('divide is not linear in its divisor.');
      return sumTo(divide(cotangent, inputOf(y, 1)), inputOf(y, 0).shape);
    },
  },
  maximum: choose((a, b) => step(subtract(b, a))),
  minimum: choose((a, b) => step(subtract(a, b))),
};
