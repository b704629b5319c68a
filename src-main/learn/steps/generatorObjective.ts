/**
 * What the generator is trained on in one step, part by part: the pixel losses as a map (weights may come in front of it), and the rest
 * with its factors. Shared by the training step and by the virtual step that weights are learned through.
 *
 * With registration the pixel and feature losses judge the output after its warp to the target; the adversarial loss and the discriminator
 * see it as it is: to fool it the output need not lie where the target does.
 */
import { add, multiply } from '../../tensor/primitives/elementwise.ts';
import { concat, slice } from '../../tensor/primitives/layout.ts';
import { detach, input } from '../../tensor/primitives/leaves.ts';
import { warp2d } from '../../tensor/functions/warp2d.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { leastSquares } from '../losses/adversarial.ts';
import { layeredContextualLoss, perceptualLoss, type FeatureLossConfig } from '../losses/featureLosses.ts';
import { absoluteError, meanOf } from '../losses/pixel.ts';
import { smoothness } from '../losses/smoothness.ts';
import { discriminate, discriminatorSpecs, type DiscriminatorConfig } from '../networks/discriminator.ts';
import { dropoutShape, generate, generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import type { ParameterTensors } from '../networks/parameterSpec.ts';
import { estimateFlow, registrationSpecs } from '../networks/registration.ts';
import type { AdamScalars } from '../optimizers/adam.ts';
import type { BatchExtents } from './metaGradientStep.ts';
import { gradientsOf, networkState, updateState, type NetworkState } from './networkState.ts';

export interface ObjectiveConfig extends FeatureLossConfig {
  readonly generator: GeneratorConfig;
  readonly discriminator: DiscriminatorConfig;
  /** Factor of the pixel loss (pGAN's λ_A). */
  readonly pixelFactor: number;
  readonly adversarialFactor: number;
  /** Null: pixel and feature losses judge the output as it is. */
  readonly registration: RegistrationConfig | null;
}

export interface RegistrationConfig {
  readonly levels: number;
  /** Factor of the flow's smoothness. */
  readonly smoothnessFactor: number;
}

export interface GeneratorObjective {
  readonly generator: NetworkState;
  readonly registration: NetworkState | null;
  readonly scalars: AdamScalars;
  /** The registration may have begun later. */
  readonly registrationScalars: AdamScalars;
  /** |output − target| of every pixel, after the warp where there is one. */
  readonly pixelLoss: Tensor;
  /** Everything but the pixel loss, with factors, shape []. */
  readonly rest: Tensor;
  /** Every loss of the step before its factor, by name. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** The discriminator's new state by name. */
  readonly discriminatorOutputs: Readonly<Record<string, Tensor>>;
}

/**
 * Inputs: the networks' state, `x` [n, k, h, w], `y` [n, 1, h, w], `mask<block>`, the scalars of Adam, and those of the feature losses. Builds the
 * forward pass and the discriminator's update, against which the generator is judged, as the official order has it.
 */
export function generatorObjective(config: ObjectiveConfig, [n, h, w]: BatchExtents): GeneratorObjective {
  const generator = networkState('generator', generatorSpecs(config.generator));
  const discriminator = networkState('discriminator', discriminatorSpecs(config.discriminator));
  const registration =
    config.registration && networkState('registration', registrationSpecs(config.registration.levels));
  const learningRate = input('learningRate', []);
  const scalars = adamScalars(learningRate, '');
  const x = input('x', [n, config.generator.inputChannels, h, w]);
  const y = input('y', [n, 1, h, w]);
  const maskShape = dropoutShape(config.generator, [n, h, w]);
  const masks = Array.from({ length: config.generator.blocks }, (_, block) =>
    input(`mask${block}`, maskShape),
  );
  const fake = generate(x, generator.value, config.generator, masks);
  const flow =
    config.registration && registration
      ? estimateFlow(fake, y, registration.value, config.registration.levels)
      : null;
  const judged = flow ? warp2d(fake, flow) : fake;
  const pixelLoss = absoluteError(judged, y);

  const discriminatorLoss = realAndFakeLoss(x, y, fake, discriminator.value);
  const [slopes = {}] = gradientsOf(multiply(discriminatorLoss, config.adversarialFactor), [discriminator]);
  const newDiscriminator = updateState(discriminator, slopes, scalars);
  const adversarial = leastSquares(discriminate(x, fake, detachAll(newDiscriminator.value)), 1);

  const losses: Record<string, Tensor> = { adversarial, discriminator: discriminatorLoss };
  let rest = multiply(adversarial, config.adversarialFactor);
  const include = (name: string, loss: Tensor, factor: number): void => {
    losses[name] = loss;
    rest = add(rest, multiply(loss, factor));
  };
  if (config.perceptual) include('perceptual', perceptualLoss(judged, y), config.perceptual.factor);
  if (config.contextual)
    include('contextual', layeredContextualLoss(judged, y, config.contextual), config.contextual.factor);
  if (flow && config.registration) {
    include('smoothness', smoothness(flow), config.registration.smoothnessFactor);
    losses['registration'] = meanOf(pixelLoss);
    losses['pixel'] = meanOf(absoluteError(fake, y));
  } else losses['pixel'] = meanOf(pixelLoss);
  return {
    generator,
    registration,
    scalars,
    registrationScalars: adamScalars(learningRate, 'registration.'),
    pixelLoss,
    rest,
    losses,
    discriminatorOutputs: newDiscriminator.outputs,
  };
}

function adamScalars(learningRate: Tensor, prefix: string): AdamScalars {
  return {
    learningRate,
    firstCorrection: input(`${prefix}firstCorrection`, []),
    secondCorrection: input(`${prefix}secondCorrection`, []),
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
