/**
 * Convolution and its gradients in tfjs. Its kernels want images as [n, h, w, c] and weights as [kh, kw, ci, co] (the CPU backend knows
 * nothing else), so operands are transposed on the way in and results on the way out. Zero padding that differs from side to side
 * is added before, and cut off after, an unpadded convolution.
 */
import * as tf from '@tensorflow/tfjs-core';
import { extentAt, type Padding2d, type Shape } from '../../tensor.ts';

export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: Padding2d;
}

function toChannelsLast(images: tf.Tensor): tf.Tensor4D {
  return tf.transpose(images as tf.Tensor4D, [0, 2, 3, 1]);
}

function toChannelsFirst(images: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(images, [0, 3, 1, 2]);
}

function toKernel(weight: tf.Tensor): tf.Tensor4D {
  return tf.transpose(weight as tf.Tensor4D, [2, 3, 1, 0]);
}

/** [n, c, h, w] → [n, h + top + bottom, w + left + right, c]. */
function padded(x: tf.Tensor, [top, left, bottom, right]: Padding2d): tf.Tensor4D {
  return tf.pad(toChannelsLast(x), [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
}

/** x [n, ci, h, w], weight [co, ci, kh, kw] → [n, co, oh, ow]. */
export function convolve(
  x: tf.Tensor,
  weight: tf.Tensor,
  { stride, padding }: ConvolutionAttributes,
): tf.Tensor {
  return toChannelsFirst(tf.conv2d(padded(x, padding), toKernel(weight), stride, 'valid'));
}

/** dy [n, co, oh, ow], weight [co, ci, kh, kw] → dx of `shape` [n, ci, h, w]. */
export function convolveInputGradient(
  dy: tf.Tensor,
  weight: tf.Tensor,
  shape: Shape,
  { stride, padding: [top, left, bottom, right] }: ConvolutionAttributes,
): tf.Tensor {
  const [n, ci, h, w] = [extentAt(shape, 0), extentAt(shape, 1), extentAt(shape, 2), extentAt(shape, 3)];
  const paddedShape: [number, number, number, number] = [n, h + top + bottom, w + left + right, ci];
  const dx = tf.conv2dTranspose(toChannelsLast(dy), toKernel(weight), paddedShape, stride, 'valid');
  return toChannelsFirst(tf.slice(dx, [0, top, left, 0], [n, h, w, ci]));
}

/** x [n, ci, h, w], dy [n, co, oh, ow] → dw of `shape` [co, ci, kh, kw]. */
export function convolveFilterGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  shape: Shape,
  { stride, padding }: ConvolutionAttributes,
): tf.Tensor {
  const [co, ci, kh, kw] = [0, 1, 2, 3].map((axis) => extentAt(shape, axis));
  // tfjs-core has no public function for it, but every backend registers the kernel.
  const dw = tf
    .engine()
    .runKernel(tf.Conv2DBackpropFilter, { x: padded(x, padding), dy: toChannelsLast(dy) }, {
      strides: [stride, stride],
      pad: 'valid',
      dataFormat: 'NHWC',
      dimRoundingMode: null,
      filterShape: [kh, kw, ci, co],
    } as unknown as tf.NamedAttrMap);
  return tf.transpose(dw as tf.Tensor4D, [3, 2, 0, 1]);
}
