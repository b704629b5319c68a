/** Layers the networks are built of. Images are [n, c, h, w]. */
import {
  conv2d,
  convTranspose2d,
  type ConvolutionOptions,
  type TransposedConvolutionOptions,
} from '../../tensor/primitives/convolution.ts';
import { add } from '../../tensor/primitives/elementwise.ts';
import { reshape } from '../../tensor/primitives/layout.ts';
import { standardize } from '../../tensor/primitives/standardize.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { parameter, type ParameterTensors } from './parameterSpec.ts';

/** Convolution with `<layer>.weight` and `<layer>.bias`. */
export function convolve(
  x: Tensor,
  parameters: ParameterTensors,
  layer: string,
  options?: ConvolutionOptions,
): Tensor {
  const bias = parameter(parameters, `${layer}.bias`);
  const y = conv2d(x, parameter(parameters, `${layer}.weight`), options);
  return add(y, reshape(bias, [1, sizeOf(bias.shape), 1, 1]));
}

/**
 * Convolution, then instance normalisation. The norm takes any constant of a channel away, so `<layer>.bias` has no effect and a gradient
 * of zero; it is kept in files as pGAN has it, and left out here instead of letting Adam amplify its rounding noise.
 */
export function convolveNormalised(
  x: Tensor,
  parameters: ParameterTensors,
  layer: string,
  options?: ConvolutionOptions,
): Tensor {
  return instanceNorm(conv2d(x, parameter(parameters, `${layer}.weight`), options));
}

/** Transposed convolution with `<layer>.weight` [in, out, k, k], then instance normalisation; the bias as above. */
export function convolveTransposedNormalised(
  x: Tensor,
  parameters: ParameterTensors,
  layer: string,
  options: TransposedConvolutionOptions,
): Tensor {
  return instanceNorm(convTranspose2d(x, parameter(parameters, `${layer}.weight`), options));
}

/** Instance normalisation without affine part or running statistics: each image and channel to mean 0, variance 1 (biased, ε 1e-5). */
function instanceNorm(x: Tensor): Tensor {
  return standardize(x, 1e-5);
}
