/**
 * The conditional PatchGAN discriminator of pGAN (`n_layers` 3, Dar et al. 2019; Isola et al. 2017): source and target slices joined as
 * channels, one logit per overlapping patch, no sigmoid (least-squares GAN). 320×192 gives 38×22 logits.
 */
import { leakyRelu } from '../../tensor/primitives/elementwise.ts';
import { padAll } from '../../tensor/primitives/convolution.ts';
import { concat } from '../../tensor/primitives/layout.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { convolve, convolveNormalised } from './layers.ts';
import { convolutionSpec, type ParameterSpec, type ParameterTensors } from './parameterSpec.ts';

export interface DiscriminatorConfig {
  /** Slices of the source; the target adds one channel. */
  readonly inputChannels: number;
  /** Channels after the first layer. */
  readonly ndf: number;
}

/** Names and shapes of the discriminator's parameters, in order of use. */
export function discriminatorSpecs({ inputChannels, ndf }: DiscriminatorConfig): ParameterSpec[] {
  const widths = [inputChannels + 1, ndf, 2 * ndf, 4 * ndf, 8 * ndf, 1];
  return widths
    .slice(1)
    .flatMap((width, layer) => convolutionSpec(`conv${layer}`, widths[layer] ?? 0, width, 4));
}

/** Logits [n, 1, h', w'] of source x [n, k, h, w] with target y [n, 1, h, w]. */
export function discriminate(x: Tensor, y: Tensor, parameters: ParameterTensors): Tensor {
  const slope = 0.2;
  const padding = padAll(1);
  let features = leakyRelu(convolve(concat([x, y], 1), parameters, 'conv0', { stride: 2, padding }), slope);
  for (const [layer, stride] of [
    ['conv1', 2],
    ['conv2', 2],
    ['conv3', 1],
  ] as const)
    features = leakyRelu(convolveNormalised(features, parameters, layer, { stride, padding }), slope);
  return convolve(features, parameters, 'conv4', { padding });
}
