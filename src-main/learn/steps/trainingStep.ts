/**
 * One pGAN training step as one graph: forward once; discriminator update; generator update against the updated discriminator, as the
 * official order has it. With meta reweighting the pixel loss is Σ w·ℓ with w from the same forward pass (same dropout masks, parameters
 * before the step); the adversarial term carries no weights.
 */
import { gradient } from '../../tensor/gradient.ts';
import { add, divide, multiply, sqrt } from '../../tensor/primitives/elementwise.ts';
import { concat, slice } from '../../tensor/primitives/layout.ts';
import { detach, input } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { leastSquares } from '../losses/adversarial.ts';
import { absoluteError, meanOf, weightedSum } from '../losses/pixel.ts';
import { discriminate, discriminatorSpecs, type DiscriminatorConfig } from '../networks/discriminator.ts';
import { dropoutShape, generate, generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import {
  parameter,
  parameterInputs,
  type ParameterSpec,
  type ParameterTensors,
} from '../networks/parameterSpec.ts';
import { adamConstants, adamUpdate, type AdamScalars } from '../optimizers/adam.ts';
import { normaliseWeights, rawWeights, smoothWeights } from '../reweighting/weightMap.ts';
import type { BatchExtents } from './metaGradientStep.ts';

export interface TrainingStepConfig {
  readonly generator: GeneratorConfig;
  readonly discriminator: DiscriminatorConfig;
  /** Factor of the pixel loss (pGAN's λ_A). */
  readonly pixelFactor: number;
  readonly adversarialFactor: number;
  /** Null: every pixel counts the same. */
  readonly reweighting: ReweightingConfig | null;
}

export interface ReweightingConfig {
  /** `gradient`: the abstract's inner step. `adam`: ∇V preconditioned by Adam's second moments, as the real step will be. */
  readonly direction: 'gradient' | 'adam';
  /** Side of the window u is averaged over, odd; 1 is the abstract. */
  readonly smoothing: number;
}

/** State of one network in the graph: `value`, `first` and `second` moments by parameter. */
interface NetworkState {
  readonly specs: readonly ParameterSpec[];
  readonly value: ParameterTensors;
  readonly first: ParameterTensors;
  readonly second: ParameterTensors;
}

/** Names under which the state of a network goes in and comes out: `<network>.<part>.<parameter>`. */
export const stateParts = ['value', 'first', 'second'] as const;

function networkState(network: string, specs: readonly ParameterSpec[]): NetworkState {
  const part = (name: string): ParameterTensors => parameterInputs(specs, `${network}.${name}.`);
  return { specs, value: part('value'), first: part('first'), second: part('second') };
}

/**
 * Inputs: `generator.*` and `discriminator.*` state, `x` [n, k, h, w], `y` [n, 1, h, w], `mask<block>`, the scalars `learningRate`,
 * `firstCorrection`, `secondCorrection` and, with reweighting, `direction.*` = ∇V. Outputs: the new state under the same names, the losses
 * `pixel`, `adversarial`, `discriminator` (before their factors), and with reweighting `u`, `w` [n, 1, h, w].
 */
export function trainingStep(config: TrainingStepConfig, [n, h, w]: BatchExtents): Record<string, Tensor> {
  const generator = networkState('generator', generatorSpecs(config.generator));
  const discriminator = networkState('discriminator', discriminatorSpecs(config.discriminator));
  const scalars = {
    learningRate: input('learningRate', []),
    firstCorrection: input('firstCorrection', []),
    secondCorrection: input('secondCorrection', []),
  };
  const x = input('x', [n, config.generator.inputChannels, h, w]);
  const y = input('y', [n, 1, h, w]);
  const maskShape = dropoutShape(config.generator, [n, h, w]);
  const masks = Array.from({ length: config.generator.blocks }, (_, block) =>
    input(`mask${block}`, maskShape),
  );
  const fake = generate(x, generator.value, config.generator, masks);
  const pixelLoss = absoluteError(fake, y);

  const discriminatorLoss = realAndFakeLoss(x, y, fake, discriminator.value);
  const newDiscriminator = update(
    'discriminator',
    discriminator,
    multiply(discriminatorLoss, config.adversarialFactor),
    scalars,
  );

  const fixedDiscriminator = detachAll(newDiscriminator.value);
  const adversarial = leastSquares(discriminate(x, fake, fixedDiscriminator), 1);
  const weights = config.reweighting && weigh(pixelLoss, generator, scalars, config.reweighting);
  const pixel = weights ? weightedSum(detach(weights.w), pixelLoss) : meanOf(pixelLoss);
  const loss = add(multiply(pixel, config.pixelFactor), multiply(adversarial, config.adversarialFactor));
  const newGenerator = update('generator', generator, loss, scalars);

  return {
    ...newGenerator.outputs,
    ...newDiscriminator.outputs,
    pixel: meanOf(pixelLoss),
    adversarial,
    discriminator: discriminatorLoss,
    ...weights,
  };
}

/** ½ (‖D(x, fake)‖² + ‖D(x, y) − 1‖²), both in one pass: instance norm keeps images apart, so joining batches changes nothing. */
function realAndFakeLoss(x: Tensor, y: Tensor, fake: Tensor, parameters: ParameterTensors): Tensor {
  const logits = discriminate(concat([x, x], 0), concat([fake, y], 0), parameters);
  const [both = 2, ...rest] = logits.shape;
  const half = (at: 0 | 1): Tensor =>
    slice(logits, [(at * both) / 2, ...rest.map(() => 0)], [both / 2, ...rest]);
  return multiply(add(leastSquares(half(0), 0), leastSquares(half(1), 1)), 0.5);
}

/** The updated discriminator judges; the generator is not told how its output moved that update. */
function detachAll(parameters: ParameterTensors): ParameterTensors {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, detach(value)]));
}

function weigh(
  pixelLoss: Tensor,
  { specs, value, second }: NetworkState,
  { secondCorrection }: AdamScalars,
  { direction, smoothing }: ReweightingConfig,
): { u: Tensor; w: Tensor } {
  const clean = parameterInputs(specs, 'direction.');
  const preconditioned = (name: string): Tensor => {
    const scale = add(sqrt(multiply(parameter(second, name), secondCorrection)), adamConstants.epsilon);
    return divide(parameter(clean, name), scale);
  };
  const along =
    direction === 'gradient'
      ? clean
      : Object.fromEntries(specs.map(({ name }) => [name, preconditioned(name)]));
  const u = smoothWeights(rawWeights(pixelLoss, value, along), smoothing);
  return { u, w: normaliseWeights(u) };
}

function update(
  network: string,
  { specs, value, first, second }: NetworkState,
  loss: Tensor,
  scalars: AdamScalars,
): { value: ParameterTensors; outputs: Record<string, Tensor> } {
  const gradients = gradient(
    loss,
    specs.map(({ name }) => parameter(value, name)),
  );
  const outputs: Record<string, Tensor> = {};
  const newValue: Record<string, Tensor> = {};
  specs.forEach(({ name }, at) => {
    const slope = gradients[at];
    if (!slope) return;
    const before = {
      value: parameter(value, name),
      first: parameter(first, name),
      second: parameter(second, name),
    };
    const after = adamUpdate(before, slope, scalars);
    for (const part of stateParts) outputs[`${network}.${part}.${name}`] = after[part];
    newValue[name] = after.value;
  });
  return { value: newValue, outputs };
}
