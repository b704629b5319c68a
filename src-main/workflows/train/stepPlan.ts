/**
 * The order of a run's steps: epochs, each of as many whole batches as its slices give. The warm-up's epochs may have batches of another
 * size. Everything follows from the step's number, so that a resumed run goes on as an uninterrupted one would have.
 */
import type { TrainingConfig } from './trainingConfig.ts';

export interface PlannedStep {
  readonly epoch: number;
  /** Of the epoch's steps, from 0. */
  readonly place: number;
  readonly batchSize: number;
  /** Before weights are learned: every pixel counts the same. */
  readonly isWarmup: boolean;
  readonly endsEpoch: boolean;
}

export interface StepPlan {
  readonly epochs: number;
  readonly totalSteps: number;
  /** The first of them, before weights are learned. */
  readonly warmupSteps: number;
  /** `step` from 0 below `totalSteps`. */
  at(step: number): PlannedStep;
}

/** The plan for `slices` training slices. An epoch has whole batches only, at least one. */
export function stepPlan(
  config: Pick<
    TrainingConfig,
    'batchSize' | 'constantEpochs' | 'decayEpochs' | 'slicesPerEpoch' | 'warmupBatchSize' | 'warmupEpochs'
  >,
  slices: number,
): StepPlan {
  const { batchSize, warmupBatchSize, warmupEpochs, slicesPerEpoch } = config;
  const epochs = config.constantEpochs + config.decayEpochs;
  const stepsOf = (size: number): number =>
    Math.max(1, Math.floor(Math.min(slices, slicesPerEpoch ?? slices) / size));
  const [warmSteps, mainSteps] = [stepsOf(warmupBatchSize), stepsOf(batchSize)];
  const before = warmupEpochs * warmSteps;
  return {
    epochs,
    totalSteps: before + (epochs - warmupEpochs) * mainSteps,
    warmupSteps: before,
    at(step) {
      const isWarmup = step < before;
      const length = isWarmup ? warmSteps : mainSteps;
      const within = isWarmup ? step : step - before;
      const place = within % length;
      return {
        epoch: (isWarmup ? 0 : warmupEpochs) + Math.floor(within / length),
        place,
        batchSize: isWarmup ? warmupBatchSize : batchSize,
        isWarmup,
        endsEpoch: place === length - 1,
      };
    },
  };
}
