import { registrationLevels } from '../../learn/networks/registration.ts';
import type { TrainerConfig } from '../../learn/trainerConfig.ts';
import type { TrainingConfig } from './trainingConfig.ts';
import { trainedRoles } from './trainingRoles.ts';

/** The trainer's part of a configuration: a part of the method that is off is null. */
export function trainerConfig(config: TrainingConfig): TrainerConfig {
  const { generator, discriminator, cropPx, parts } = config;
  const extents = [cropPx[1], cropPx[0]] as const;
  return {
    generator,
    discriminator: { ...discriminator, inputChannels: generator.inputChannels },
    pixelFactor: config.pixelFactor,
    adversarialFactor: config.adversarialFactor,
    perceptual: parts.perceptual ? { factor: config.perceptualFactor } : null,
    contextual: parts.contextual ? { factor: config.contextualFactor, ...config.contextual } : null,
    registration: parts.registration
      ? { levels: registrationLevels(extents), smoothnessFactor: config.smoothnessFactor }
      : null,
    reweighting: parts.weights
      ? {
          innerStep: config.innerStep,
          smoothing: config.weightSmoothing,
          scaling: config.weightScaling,
          floor: config.weightFloor,
          remembers: config.weightMemory > 0,
          besideClean: trainedRoles(config).length > 1,
        }
      : null,
    extents,
    metaMicroBatch: config.metaMicroBatch,
    dropout: config.dropout,
    seed: config.seed,
  };
}
