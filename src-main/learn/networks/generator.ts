/**
 * The pGAN generator: a ResNet of residual blocks between two down- and two up-sampling steps, without skips across the bottleneck
 * (Dar et al., IEEE TMI 38(10), 2019). Input [n, k, h, w] of k neighbouring slices in [−1, 1], h and w multiples of 4;
 * output [n, 1, h, w] in (−1, 1). Dropout (p 0.5) acts after the first ReLU of every block, in training only, through explicit masks.
 */
import { add, multiply, relu, tanh } from '../../tensor/primitives/elementwise.ts';
import { padAll } from '../../tensor/primitives/convolution.ts';
import { reflectPad } from '../../tensor/primitives/layout.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';
import { convolve, convolveNormalised, convolveTransposedNormalised } from './layers.ts';
import {
  convolutionSpec,
  transposedConvolutionSpec,
  type ParameterSpec,
  type ParameterTensors,
} from './parameterSpec.ts';

export interface GeneratorConfig {
  /** Neighbouring slices fed as channels: 1 or 3. */
  readonly inputChannels: number;
  /** Channels after the stem. */
  readonly ngf: number;
  /** Residual blocks. */
  readonly blocks: number;
}

/** Names and shapes of the generator's parameters, in order of use. */
export function generatorSpecs({ inputChannels, ngf, blocks }: GeneratorConfig): ParameterSpec[] {
  return [
    ...convolutionSpec('stem', inputChannels, ngf, 7),
    ...convolutionSpec('down1', ngf, 2 * ngf, 3),
    ...convolutionSpec('down2', 2 * ngf, 4 * ngf, 3),
    ...Array.from({ length: blocks }, (_, block) => [
      ...convolutionSpec(`res${block}.conv1`, 4 * ngf, 4 * ngf, 3),
      ...convolutionSpec(`res${block}.conv2`, 4 * ngf, 4 * ngf, 3),
    ]).flat(),
    ...transposedConvolutionSpec('up1', 4 * ngf, 2 * ngf, 3),
    ...transposedConvolutionSpec('up2', 2 * ngf, ngf, 3),
    ...convolutionSpec('head', ngf, 1, 7),
  ];
}

/** Shape of each block's dropout mask for images of [h, w]. */
export function dropoutShape({ ngf }: GeneratorConfig, [n, h, w]: readonly [number, number, number]): Shape {
  return [n, 4 * ngf, h / 4, w / 4];
}

/** The synthetic image for x; `dropoutMasks` (one per block, values 0 or 2) only while training. */
export function generate(
  x: Tensor,
  parameters: ParameterTensors,
  { blocks }: GeneratorConfig,
  dropoutMasks?: readonly Tensor[],
): Tensor {
  let features = relu(convolveNormalised(reflectPad(x, padAll(3)), parameters, 'stem'));
  for (const layer of ['down1', 'down2'])
    features = relu(convolveNormalised(features, parameters, layer, { stride: 2, padding: padAll(1) }));
  for (let block = 0; block < blocks; block++) {
    const padded = reflectPad(features, padAll(1));
    let branch = relu(convolveNormalised(padded, parameters, `res${block}.conv1`));
    const mask = dropoutMasks?.[block];
    if (mask) branch = multiply(branch, mask);
    branch = convolveNormalised(reflectPad(branch, padAll(1)), parameters, `res${block}.conv2`);
    features = add(features, branch);
  }
  const doubling = { stride: 2, padding: 1, outputPadding: 1 };
  for (const layer of ['up1', 'up2'])
    features = relu(convolveTransposedNormalised(features, parameters, layer, doubling));
  return tanh(convolve(reflectPad(features, padAll(3)), parameters, 'head'));
}
