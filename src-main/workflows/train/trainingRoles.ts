/**
 * Which cases a run needs, and what for. Misaligned pairs (role `train`) and well-registered ones (role `meta`) are both pairs to train on if
 * the configuration says so; the well-registered ones judge the weights besides.
 */
import type { TrainingConfig } from './trainingConfig.ts';

export type TrainingRole = 'train' | 'meta';

type Roles = Pick<TrainingConfig, 'trainOn' | 'cleanInTraining'>;

/** Roles whose slices are trained on; those of the first may be weighed, any others count evenly. */
export function trainedRoles({ trainOn, cleanInTraining }: Roles): readonly TrainingRole[] {
  if (trainOn === 'clean') return ['meta'];
  return cleanInTraining ? ['train', 'meta'] : ['train'];
}

/** Roles whose cases have to be prepared. */
export function neededRoles(config: Roles & Pick<TrainingConfig, 'parts'>): ReadonlySet<TrainingRole> {
  return new Set([...trainedRoles(config), ...(config.parts.weights ? (['meta'] as const) : [])]);
}
