/**
 * Gradient of the validation loss V, the mean absolute error on the meta batch, one micro-batch at a time: the sums go in and come out,
 * so memory does not grow with the meta batch. No dropout: V asks what the network says, not what one thinned copy of it says.
 */
import { gradient } from '../../tensor/gradient.ts';
import { add, multiply } from '../../tensor/primitives/elementwise.ts';
import { input } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { absoluteError, meanOf } from '../losses/pixel.ts';
import { generate, generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import { parameter, parameterInputs } from '../networks/parameterSpec.ts';

/** Extents of a batch of slices: images, height, width. */
export type BatchExtents = readonly [n: number, h: number, w: number];

/**
 * Inputs: `parameter.*`, `sum.*`, `sum.loss`, `xv` [b, k, h, w], `yv` [b, 1, h, w] and `share` = b / m. Outputs: `sum.*` and `sum.loss` with
 * this micro-batch's share of ∇V and V added.
 */
export function metaGradientStep(config: GeneratorConfig, [b, h, w]: BatchExtents): Record<string, Tensor> {
  const specs = generatorSpecs(config);
  const parameters = parameterInputs(specs, 'parameter.');
  const sums = parameterInputs(specs, 'sum.');
  const xv = input('xv', [b, config.inputChannels, h, w]);
  const yv = input('yv', [b, 1, h, w]);
  const loss = multiply(meanOf(absoluteError(generate(xv, parameters, config), yv)), input('share', []));
  const gradients = gradient(
    loss,
    specs.map(({ name }) => parameter(parameters, name)),
  );
  const outputs: Record<string, Tensor> = { 'sum.loss': add(input('sum.loss', []), loss) };
  specs.forEach(({ name }, at) => {
    const share = gradients[at];
    if (share) outputs[`sum.${name}`] = add(parameter(sums, name), share);
  });
  return outputs;
}
