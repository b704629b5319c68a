/**
 * RegGAN's registration network (Kong et al. 2021, `trainer/reg.py`, cfg A): from a moving and a fixed image to the flow that
 * warps the one onto the other. Encoder of residual blocks and max pooling, a bottleneck of three residual blocks, decoder with skips by
 * bilinear resizing. The published seven levels are for 256×256; 320×192 allows six, smaller crops fewer: the bottleneck's reflecting
 * borders need two pixels a side. Starts as (nearly) no flow.
 */
import { maxPool2d } from '../../tensor/functions/maxPool2d.ts';
import { resize2d } from '../../tensor/functions/resize2d.ts';
import { padAll } from '../../tensor/primitives/convolution.ts';
import { add, leakyRelu, relu } from '../../tensor/primitives/elementwise.ts';
import { concat, reflectPad } from '../../tensor/primitives/layout.ts';
import { extentAt, type Tensor } from '../../tensor/tensor.ts';
import { randomFeatures } from '../features/randomFeatures.ts';
import { convolve, convolveNormalised } from './layers.ts';
import { convolutionSpec, type ParameterSpec, type ParameterTensors } from './parameterSpec.ts';

export const mostRegistrationLevels = 6;
const [firstWidth, width, bottleneckWidth] = [32, 64, 128];
const bottleneckBlocks = 3;
const flowDeviation = 1e-5;

/** Levels that fit images of [h, w]: at most six, fewer where the bottleneck would have less than two pixels a side. */
export function registrationLevels([h, w]: readonly [number, number]): number {
  return Math.min(mostRegistrationLevels, Math.floor(Math.log2(Math.min(h, w) / 2)));
}

/** Channels of each level's skip, from the full size down. */
function encoderWidths(levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => (level === 0 ? firstWidth : width));
}

/** Names and shapes of the parameters, in order of use. */
export function registrationSpecs(levels: number): ParameterSpec[] {
  const skips = encoderWidths(levels);
  const block = (layer: string, channels: number): ParameterSpec[] => [
    ...convolutionSpec(`${layer}.conv1`, channels, channels, 3),
    ...convolutionSpec(`${layer}.conv2`, channels, channels, 3),
  ];
  return [
    ...skips.flatMap((channels, level) => [
      ...convolutionSpec(`down${level}.conv`, level === 0 ? 2 : (skips[level - 1] ?? 0), channels, 3),
      ...block(`down${level}.res`, channels),
    ]),
    ...convolutionSpec('widen', width, bottleneckWidth, 1),
    ...Array.from({ length: bottleneckBlocks }, (_, at) => block(`bottleneck${at}`, bottleneckWidth)).flat(),
    ...convolutionSpec('narrow', bottleneckWidth, width, 1),
    ...[...skips.entries()]
      .reverse()
      .flatMap(([level, channels]) => convolutionSpec(`up${level}`, width + channels, channels, 3)),
    ...block('refine', firstWidth),
    ...convolutionSpec('mix', firstWidth, firstWidth, 1),
    ...convolutionSpec('flow', firstWidth, 2, 3),
  ];
}

/** Initial parameters: He's normal weights and zero biases, the last layer N(0, 1e-5) so that the flow starts near zero. */
export function initialiseRegistration(
  specs: readonly ParameterSpec[],
  seed: number,
): Map<string, Float32Array> {
  const values = randomFeatures(specs, seed);
  const last = values.get('flow.weight');
  const fanIn = specs.find(({ name }) => name === 'flow.weight')?.fanIn ?? 1;
  if (last) values.set('flow.weight', last.map((weight) => weight * flowDeviation * Math.sqrt(fanIn / 2))); // prettier-ignore
  return values;
}

/** The flow [n, 2, h, w] in pixels (row, column) that warps `moving` onto `fixed`, both [n, 1, h, w]. */
export function estimateFlow(
  moving: Tensor,
  fixed: Tensor,
  parameters: ParameterTensors,
  levels: number,
): Tensor {
  const leaky = (x: Tensor, layer: string, padding: number): Tensor =>
    leakyRelu(convolve(x, parameters, layer, { padding: padAll(padding) }), 0.2);
  const residual = (x: Tensor, layer: string): Tensor => {
    const inner = relu(convolveNormalised(reflectPad(x, padAll(1)), parameters, `${layer}.conv1`));
    return add(x, convolveNormalised(reflectPad(inner, padAll(1)), parameters, `${layer}.conv2`));
  };
  const skips: Tensor[] = [];
  let features = concat([moving, fixed], 1);
  for (let level = 0; level < levels; level++) {
    const skip = residual(leaky(features, `down${level}.conv`, 1), `down${level}.res`);
    skips.push(skip);
    features = maxPool2d(skip, 2);
  }
  features = leaky(features, 'widen', 0);
  for (let at = 0; at < bottleneckBlocks; at++) features = residual(features, `bottleneck${at}`);
  features = leaky(features, 'narrow', 0);
  for (const [level, skip] of [...skips.entries()].reverse()) {
    const size = [extentAt(skip.shape, 2), extentAt(skip.shape, 3)] as const;
    features = leaky(concat([resize2d(features, size, 'bilinear'), skip], 1), `up${level}`, 1);
  }
  features = leaky(residual(features, 'refine'), 'mix', 0);
  return convolve(features, parameters, 'flow', { padding: padAll(1) });
}
