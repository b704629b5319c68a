/**
 * One training step as one graph: forward once; discriminator update; generator update (and the registration network's, in the same
 * backward pass) against the updated discriminator. With meta reweighting the pixel loss is Σ w·ℓ with w from the same forward pass (same
 * dropout masks, parameters before the step); all other losses carry no weights.
 */
import { add, divide, multiply, sqrt } from '../../tensor/primitives/elementwise.ts';
import { detach } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { meanOf, weightedSum } from '../losses/pixel.ts';
import { parameter, parameterInputs, type ParameterTensors } from '../networks/parameterSpec.ts';
import { adamConstants } from '../optimizers/adam.ts';
import { rawWeights } from '../reweighting/weightMap.ts';
import {
  rememberMap,
  shapeMap,
  weightsBesideClean,
  weightsOf,
  type WeightShaping,
} from '../reweighting/weightShaping.ts';
import { generatorObjective, type GeneratorObjective, type ObjectiveConfig } from './generatorObjective.ts';
import type { BatchExtents } from './metaGradientStep.ts';
import { gradientsOf, updateState } from './networkState.ts';

export interface TrainingStepConfig extends ObjectiveConfig {
  /** Null: every pixel counts the same. */
  readonly reweighting: ReweightingConfig | null;
}

export interface ReweightingConfig extends WeightShaping {
  /**
   * `sgd`: the abstract's inner step. `adam`: the generator's real step; its scaling comes in as `scale.*`. `preconditioned`: ∇V scaled by
   * Adam's second moments, as the real step will be, but taken at the present parameters.
   */
  readonly innerStep: 'sgd' | 'preconditioned' | 'adam';
  /** Whether a slice's map is the running mean over its visits; then `memory` and `kept` are fed. */
  readonly remembers: boolean;
  /** Whether batches may hold well-registered slices, which count evenly; then `clean` is fed. */
  readonly besideClean: boolean;
}

/**
 * Inputs: those of the objective and, with reweighting, `direction.*` = ∇V and what its settings ask for. Outputs: the new state under the
 * names it came in, the losses before their factors, and with reweighting `u`, `w` [n, 1, h, w].
 */
export function trainingStep(config: TrainingStepConfig, extents: BatchExtents): Record<string, Tensor> {
  const objective = generatorObjective(config, extents);
  const { generator, registration, pixelLoss, rest, losses, discriminatorOutputs } = objective;
  const weights = config.reweighting && weigh(objective, config.reweighting);
  const pixel = weights ? weightedSum(detach(weights.w), pixelLoss) : meanOf(pixelLoss);
  const loss = add(multiply(pixel, config.pixelFactor), rest);
  const trained = [
    { state: generator, scalars: objective.scalars },
    ...(registration ? [{ state: registration, scalars: objective.registrationScalars }] : []),
  ];
  const gradients = gradientsOf(
    loss,
    trained.map(({ state }) => state),
  );
  const updated = trained.flatMap(({ state, scalars }, at) =>
    Object.entries(updateState(state, gradients[at] ?? {}, scalars).outputs),
  );
  return { ...Object.fromEntries(updated), ...discriminatorOutputs, ...losses, ...weights };
}

function weigh(objective: GeneratorObjective, config: ReweightingConfig): { u: Tensor; w: Tensor } {
  const raw = rawWeights(objective.pixelLoss, objective.generator.value, direction(objective, config));
  const shaped = shapeMap(raw, config);
  const u = config.remembers ? rememberMap(shaped) : shaped;
  return config.besideClean ? weightsBesideClean(u, config.floor) : { u, w: weightsOf(u, config.floor) };
}

function direction(
  { generator: { specs, second }, scalars: { secondCorrection } }: GeneratorObjective,
  { innerStep }: ReweightingConfig,
): ParameterTensors {
  const clean = parameterInputs(specs, 'direction.');
  if (innerStep === 'sgd') return clean;
  const scales = innerStep === 'adam' ? parameterInputs(specs, 'scale.') : null;
  const scaled = (name: string): Tensor => {
    if (scales) return multiply(parameter(clean, name), parameter(scales, name));
    const scale = add(sqrt(multiply(parameter(second, name), secondCorrection)), adamConstants.epsilon);
    return divide(parameter(clean, name), scale);
  };
  return Object.fromEntries(specs.map(({ name }) => [name, scaled(name)]));
}
