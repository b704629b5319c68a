/**
 * The convolutions of AlexNet in torchvision's layout (Krizhevsky 2014, "One weird trick": 64, 192, 384, 256, 256 channels), tapped after
 * each of its five ReLUs. Parameters carry torchvision's names, `features.{n}.weight|bias`.
 */
import { maxPool2d } from '../../tensor/functions/maxPool2d.ts';
import { padAll } from '../../tensor/primitives/convolution.ts';
import { relu } from '../../tensor/primitives/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { grayToRgb } from './grayToRgb.ts';
import { convolve } from './layers.ts';
import { convolutionSpec, type ParameterSpec, type ParameterTensors } from './parameterSpec.ts';

/** Image sides below this leave nothing after the second pooling. */
export const alexNetSmallestSide = 31;

const layers = [
  { name: 'features.0', inputs: 3, outputs: 64, kernel: 11, stride: 4, padding: 2, pooled: false },
  { name: 'features.3', inputs: 64, outputs: 192, kernel: 5, stride: 1, padding: 2, pooled: true },
  { name: 'features.6', inputs: 192, outputs: 384, kernel: 3, stride: 1, padding: 1, pooled: true },
  { name: 'features.8', inputs: 384, outputs: 256, kernel: 3, stride: 1, padding: 1, pooled: false },
  { name: 'features.10', inputs: 256, outputs: 256, kernel: 3, stride: 1, padding: 1, pooled: false },
] as const;

/** Names and shapes of the five convolutions. */
export function alexNetSpecs(): ParameterSpec[] {
  return layers.flatMap(({ name, inputs, outputs, kernel }) =>
    convolutionSpec(name, inputs, outputs, kernel),
  );
}

/** Features of x [n, 1, h, w] in [−1, 1] after each ReLU: the channel repeated to three, ImageNet's normalisation applied. */
export function alexNetFeatures(x: Tensor, parameters: ParameterTensors): Tensor[] {
  const taps: Tensor[] = [];
  let features = grayToRgb(x, true);
  for (const { name, stride, padding, pooled } of layers) {
    if (pooled) features = maxPool2d(features, 3, 2);
    features = relu(convolve(features, parameters, name, { stride, padding: padAll(padding) }));
    taps.push(features);
  }
  return taps;
}
