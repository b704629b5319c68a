/** The weight map of a batch for given parameters and a given ∇V, without dropout and without an update. */
import { input } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { absoluteError } from '../losses/pixel.ts';
import { generate, generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import { parameterInputs } from '../networks/parameterSpec.ts';
import { rawWeights } from '../reweighting/weightMap.ts';
import { shapeMap, weightsOf, type WeightShaping } from '../reweighting/weightShaping.ts';
import type { BatchExtents } from './metaGradientStep.ts';

/** The abstract's own form: u as it is. */
const unshaped: WeightShaping = { smoothing: 1, scaling: 'none', floor: 0 };

/** Inputs: `parameter.*`, `direction.*`, `x`, `y`. Outputs: `u`, `w` and `prediction`, each [n, 1, h, w]. */
export function weightMapStep(
  config: GeneratorConfig,
  [n, h, w]: BatchExtents,
  shaping: WeightShaping = unshaped,
): Record<string, Tensor> {
  const specs = generatorSpecs(config);
  const parameters = parameterInputs(specs, 'parameter.');
  const x = input('x', [n, config.inputChannels, h, w]);
  const prediction = generate(x, parameters, config);
  const pixelLoss = absoluteError(prediction, input('y', [n, 1, h, w]));
  const u = shapeMap(rawWeights(pixelLoss, parameters, parameterInputs(specs, 'direction.')), shaping);
  return { u, w: weightsOf(u, shaping.floor), prediction };
}
