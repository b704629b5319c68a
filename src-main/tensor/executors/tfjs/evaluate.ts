/**
 * Every primitive in terms of tfjs operations, meant to be read: each entry follows the primitive's definition, and none shares code or
 * tricks with the ONNX lowering, so that agreement of the two executors means something.
 */
import * as tf from '@tensorflow/tfjs-core';
import { extentAt, type OperationKind, type OperationOf, type Shape } from '../../tensor.ts';
import { convolve, convolveFilterGradient, convolveInputGradient } from './evaluateConvolution.ts';
import { gatherAlong, mirroredPositions, scatterAlong } from './moveAlongAxis.ts';

interface Context<K extends OperationKind> {
  readonly inputs: readonly tf.Tensor[];
  /** The output's shape. */
  readonly shape: Shape;
  readonly operation: OperationOf<K>;
}

type Evaluations = { readonly [K in Exclude<OperationKind, 'input'>]: (context: Context<K>) => tf.Tensor };

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no operand ${index}.`);
  return item;
}

function unary(apply: (x: tf.Tensor) => tf.Tensor) {
  return ({ inputs }: { readonly inputs: readonly tf.Tensor[] }): tf.Tensor => apply(at(inputs, 0));
}

function binary(apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) {
  return ({ inputs }: { readonly inputs: readonly tf.Tensor[] }): tf.Tensor =>
    apply(at(inputs, 0), at(inputs, 1));
}

function reduction(apply: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor) {
  return ({
    inputs,
    operation,
  }: {
    readonly inputs: readonly tf.Tensor[];
    readonly operation: { readonly axes: readonly number[] };
  }): tf.Tensor => apply(at(inputs, 0), [...operation.axes], true);
}

/** Truth as 1 or 0. */
function flag(condition: tf.Tensor): tf.Tensor {
  return tf.cast(condition, 'float32');
}

/** t where x > 0, slope·t elsewhere. */
function gate(x: tf.Tensor, t: tf.Tensor, slope: number): tf.Tensor {
  return tf.where(tf.greater(x, 0), t, tf.mul(t, slope));
}

function inverseDeviation(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.moments(x, [2, 3], true).variance, epsilon));
}

const evaluations: Evaluations = {
  constant: ({ shape, operation: { data } }) =>
    tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
  detach: ({ inputs }) => at(inputs, 0),
  negate: unary(tf.neg),
  exp: unary(tf.exp),
  log: unary(tf.log),
  sqrt: unary(tf.sqrt),
  reciprocal: unary(tf.reciprocal),
  tanh: unary(tf.tanh),
  sigmoid: unary(tf.sigmoid),
  abs: unary(tf.abs),
  sign: unary(tf.sign),
  step: unary((x) => flag(tf.greater(x, 0))),
  floor: unary(tf.floor),
  toIndex: unary((x) => tf.cast(x, 'int32')),
  leakyRelu: ({ inputs, operation }) => gate(at(inputs, 0), at(inputs, 0), operation.slope),
  leakyGate: ({ inputs, operation }) => gate(at(inputs, 0), at(inputs, 1), operation.slope),
  add: binary(tf.add),
  subtract: binary(tf.sub),
  multiply: binary(tf.mul),
  divide: binary(tf.div),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  equal: binary((a, b) => flag(tf.equal(a, b))),
  sum: reduction(tf.sum),
  mean: reduction(tf.mean),
  max: reduction(tf.max),
  standardize: ({ inputs, operation }) =>
    tf.mul(
      tf.sub(at(inputs, 0), tf.mean(at(inputs, 0), [2, 3], true)),
      inverseDeviation(at(inputs, 0), operation.epsilon),
    ),
  inverseDeviation: ({ inputs, operation }) => inverseDeviation(at(inputs, 0), operation.epsilon),
  matmul: binary((a, b) => tf.matMul(a, b)),
  conv2d: ({ inputs, operation }) => convolve(at(inputs, 0), at(inputs, 1), operation),
  conv2dInputGradient: ({ inputs, shape, operation }) =>
    convolveInputGradient(at(inputs, 0), at(inputs, 1), shape, operation),
  conv2dFilterGradient: ({ inputs, shape, operation }) =>
    convolveFilterGradient(at(inputs, 0), at(inputs, 1), shape, operation),
  pad({ inputs, shape, operation: { before, interior } }) {
    // Element i of an axis lands on before + i·(1 + interior); whatever is not landed on is zero.
    return at(inputs, 0).shape.reduce(
      (value, extent, axis) => {
        const positions = Array.from(
          { length: extent },
          (_, i) => at(before, axis) + i * (1 + at(interior, axis)),
        );
        return scatterAlong(value, tf.tensor1d(positions, 'int32'), axis, extentAt(shape, axis));
      },
      at(inputs, 0),
    );
  },
  slice({ inputs, shape, operation: { starts, steps } }) {
    const ends = starts.map((start, axis) => start + (extentAt(shape, axis) - 1) * at(steps, axis) + 1);
    return tf.stridedSlice(at(inputs, 0), [...starts], ends, [...steps]);
  },
  reflectPad({ inputs, operation: { padding } }) {
    const x = at(inputs, 0);
    const [top, left, bottom, right] = padding;
    const rows = gatherAlong(x, mirroredPositions(extentAt(x.shape, 2), top, bottom), 2);
    return gatherAlong(rows, mirroredPositions(extentAt(x.shape, 3), left, right), 3);
  },
  reflectFold({ inputs, shape, operation: { padding } }) {
    const [top, left, bottom, right] = padding;
    const [h, w] = [extentAt(shape, 2), extentAt(shape, 3)];
    const rows = scatterAlong(at(inputs, 0), mirroredPositions(h, top, bottom), 2, h);
    return scatterAlong(rows, mirroredPositions(w, left, right), 3, w);
  },
  concat: ({ inputs, operation }) => tf.concat([...inputs], operation.axis),
  reshape: ({ inputs, shape }) => tf.reshape(at(inputs, 0), [...shape]),
  transpose: ({ inputs, operation }) => tf.transpose(at(inputs, 0), [...operation.permutation]),
  broadcast: ({ inputs, shape }) => tf.broadcastTo(at(inputs, 0), [...shape]),
  gather: ({ inputs, operation }) => gatherAlong(at(inputs, 0), at(inputs, 1) as tf.Tensor1D, operation.axis),
  scatterAdd: ({ inputs, shape, operation: { axis } }) =>
    scatterAlong(at(inputs, 0), at(inputs, 1) as tf.Tensor1D, axis, extentAt(shape, axis)),
};

/** The value of one primitive (not an input). Temporaries are freed; the result is a tensor of its own. */
export function evaluate(
  operation: Exclude<OperationOf<OperationKind>, { kind: 'input' }>,
  inputs: readonly tf.Tensor[],
  shape: Shape,
): tf.Tensor {
  // The table is keyed by kind; TypeScript cannot follow that the context's operation is of that kind.
  const evaluateOne = evaluations[operation.kind] as (context: Context<OperationKind>) => tf.Tensor;
  return tf.tidy(() => {
    const value = evaluateOne({ inputs, shape, operation });
    return inputs.includes(value) ? tf.clone(value) : value;
  });
}
