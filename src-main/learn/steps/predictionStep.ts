/** The generator at given parameters, without dropout. */
import { input } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { generate, generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import { parameterInputs } from '../networks/parameterSpec.ts';
import type { BatchExtents } from './metaGradientStep.ts';

/** Inputs: `parameter.*`, `x`. Output: `prediction` [n, 1, h, w]. */
export function predictionStep(config: GeneratorConfig, [n, h, w]: BatchExtents): Record<string, Tensor> {
  const x = input('x', [n, config.inputChannels, h, w]);
  return { prediction: generate(x, parameterInputs(generatorSpecs(config), 'parameter.'), config) };
}
