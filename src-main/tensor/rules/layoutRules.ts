/** Derivatives of the primitives that only move values; leaves have none. */
import { gather, scatterAdd } from '../primitives/indexing.ts';
import {
  broadcast,
  concat,
  pad,
  reflectFold,
  reflectPad,
  reshape,
  slice,
  transpose,
} from '../primitives/layout.ts';
import { constant } from '../primitives/leaves.ts';
import { extentAt, type Shape, type Tensor } from '../tensor.ts';
import { sumTo } from './accumulate.ts';
import { inputOf, type Rules } from './rule.ts';

function zeros(shape: Shape): Tensor {
  return broadcast(constant(new Float32Array(1), []), shape);
}

/** Where part `operand` begins on the joined axis. */
function offsetOf(y: Tensor, operand: number, axis: number): number {
  return y.inputs.slice(0, operand).reduce((offset, part) => offset + extentAt(part.shape, axis), 0);
}

export const layoutRules: Rules<
  | 'input'
  | 'constant'
  | 'detach'
  | 'toIndex'
  | 'pad'
  | 'slice'
  | 'reflectPad'
  | 'reflectFold'
  | 'concat'
  | 'reshape'
  | 'transpose'
  | 'broadcast'
  | 'gather'
  | 'scatterAdd'
> = {
  input: { jvp: () => null },
  constant: { jvp: () => null },
  detach: { jvp: () => null },
  toIndex: { jvp: () => null },
  reshape: {
    jvp: (y, [t]) => (t ? reshape(t, y.shape) : null),
    transpose: (y, cotangent) => reshape(cotangent, inputOf(y, 0).shape),
  },
  transpose: {
    jvp: (_, [t], { permutation }) => (t ? transpose(t, permutation) : null),
    transpose: (_y, cotangent, _operand, { permutation }) =>
      transpose(
        cotangent,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  },
  broadcast: {
    jvp: (y, [t]) => (t ? broadcast(t, y.shape) : null),
    transpose: (y, cotangent) => sumTo(cotangent, inputOf(y, 0).shape),
  },
  concat: {
    jvp(y, tangents, { axis }) {
      if (tangents.every((t) => !t)) return null;
      return concat(
        y.inputs.map((part, at) => tangents[at] ?? zeros(part.shape)),
        axis,
      );
    },
    transpose(y, cotangent, operand, { axis }) {
      const part = inputOf(y, operand);
      const starts = part.shape.map((_, at) => (at === axis ? offsetOf(y, operand, axis) : 0));
      return slice(cotangent, starts, part.shape);
    },
  },
  slice: {
    jvp: (y, [t], { starts, steps }) => (t ? slice(t, starts, y.shape, steps) : null),
    transpose(y, cotangent, _, { starts, steps }) {
      const whole = inputOf(y, 0).shape;
      const after = whole.map(
        (extent, axis) =>
          extent - 1 - (starts[axis] ?? 0) - (extentAt(y.shape, axis) - 1) * (steps[axis] ?? 1),
      );
      return pad(
        cotangent,
        starts,
        after,
        steps.map((step) => step - 1),
      );
    },
  },
  pad: {
    jvp: (_, [t], { before, after, interior }) => (t ? pad(t, before, after, interior) : null),
    transpose: (y, cotangent, _, { before, interior }) =>
      slice(
        cotangent,
        before,
        inputOf(y, 0).shape,
        interior.map((zerosBetween) => zerosBetween + 1),
      ),
  },
  reflectPad: {
    jvp: (_, [t], { padding }) => (t ? reflectPad(t, padding) : null),
    transpose: (_y, cotangent, _operand, { padding }) => reflectFold(cotangent, padding),
  },
  reflectFold: {
    jvp: (_, [t], { padding }) => (t ? reflectFold(t, padding) : null),
    transpose: (_y, cotangent, _operand, { padding }) => reflectPad(cotangent, padding),
  },
  gather: {
    jvp: (y, [t], { axis }) => (t ? gather(t, inputOf(y, 1), axis) : null),
    transpose: (y, cotangent, _, { axis }) =>
      scatterAdd(cotangent, inputOf(y, 1), axis, extentAt(inputOf(y, 0).shape, axis)),
  },
  scatterAdd: {
    jvp: (y, [t], { axis }) => (t ? scatterAdd(t, inputOf(y, 1), axis, extentAt(y.shape, axis)) : null),
    transpose: (y, cotangent, _, { axis }) => gather(cotangent, inputOf(y, 1), axis),
  },
};
