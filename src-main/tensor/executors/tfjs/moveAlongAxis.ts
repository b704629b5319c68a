/** Gather and its adjoint along one axis, in tfjs; most layout primitives are one of the two with the right positions. */
import * as tf from '@tensorflow/tfjs-core';

/** The slices of x at `positions` along `axis`. */
export function gatherAlong(x: tf.Tensor, positions: tf.Tensor1D, axis: number): tf.Tensor {
  return tf.gather(x, positions, axis);
}

/** Zeros with extent `size` along `axis`, and the slices of x added at `positions`; equal positions add up. */
export function scatterAlong(x: tf.Tensor, positions: tf.Tensor1D, axis: number, size: number): tf.Tensor {
  const toFront = x.shape.map((_, at) => (at === 0 ? axis : at <= axis ? at - 1 : at));
  const back = x.shape.map((_, at) => (at === axis ? 0 : at < axis ? at + 1 : at));
  const front = tf.transpose(x, toFront);
  const rest = front.shape.slice(1);
  const summed = tf.scatterND(tf.reshape(positions, [-1, 1]), front, [size, ...rest]);
  return tf.transpose(summed, back);
}

/** Which element each one of an axis of `extent`, mirrored about its ends by `before` and `after`, shows. */
export function mirroredPositions(extent: number, before: number, after: number): tf.Tensor1D {
  const last = extent - 1;
  const positions = Array.from({ length: before + extent + after }, (_, at) => {
    const inside = Math.abs(at - before);
    return inside > last ? 2 * last - inside : inside;
  });
  return tf.tensor1d(positions, 'int32');
}
