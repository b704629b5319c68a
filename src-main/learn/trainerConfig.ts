import type { TrainingStepConfig } from './steps/trainingStep.ts';

/** Everything a trainer is determined by. */
export interface TrainerConfig extends TrainingStepConfig {
  /** Height and width of the slices, multiples of 4. */
  readonly extents: readonly [h: number, w: number];
  /** Images per pass over the meta batch; bounds its memory. */
  readonly metaMicroBatch: number;
  readonly dropout: number;
  readonly seed: number;
}
