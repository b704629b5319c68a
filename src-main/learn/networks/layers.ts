/** Layers the networks are built of. Images are [n, c, h, w]. */
import {
  conv2d,
  convTranspose2d,
  type ConvolutionOptions,
  type TransposedConvolutionOptions,
} from '../../tensor/primitives/convolution.ts';
import { add, multiply, reciprocal, sqrt, subtract } from '../../tensor/primitives/elementwise.ts';
import { reshape } from '../../tensor/primitives/layout.ts';
import { mean } from '../../tensor/primitives/reductions.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { parameter, type ParameterTensors } from './parameterSpec.ts';

function withBias(y: Tensor, bias: Tensor): Tensor {
  return add(y, reshape(bias, [1, sizeOf(bias.shape), 1, 1]));
}

/** Convolution with `<layer>.weight` and `<layer>.bias`. */
export function convolve(
  x: Tensor,
  parameters: ParameterTensors,
  layer: string,
  options?: ConvolutionOptions,
): Tensor {
  const y = conv2d(x, parameter(parameters, `${layer}.weight`), options);
  return withBias(y, parameter(parameters, `${layer}.bias`));
}

/** Transposed convolution with `<layer>.weight` [in, out, k, k] and `<layer>.bias`. */
export function convolveTransposed(
  x: Tensor,
  parameters: ParameterTensors,
  layer: string,
  options: TransposedConvolutionOptions,
): Tensor {
  const y = convTranspose2d(x, parameter(parameters, `${layer}.weight`), options);
  return withBias(y, parameter(parameters, `${layer}.bias`));
}

/** Instance normalisation without affine part or running statistics: each image and channel to mean 0, variance 1 (biased, ε 1e-5). */
export function instanceNorm(x: Tensor): Tensor {
  const centred = subtract(x, mean(x, [2, 3]));
  const variance = mean(multiply(centred, centred), [2, 3]);
  return multiply(centred, reciprocal(sqrt(add(variance, 1e-5))));
}
