/** The networks a run's feature losses look through: installed, or drawn where the run says `random`. */
import { randomFeatures } from '../../learn/features/randomFeatures.ts';
import {
  featureNetworks,
  type FeatureNetwork,
  type FeatureWeights,
} from '../../learn/losses/featureLosses.ts';
import { trainerConfig } from '../../workflows/train/trainerConfig.ts';
import type { TrainingConfig } from '../../workflows/train/trainingConfig.ts';
import { listWeights } from '../weights/listWeights.ts';
import { readInstalledWeights } from '../weights/readInstalledWeights.ts';

/** Not the run's seed: runs that differ in their seed look through the same random networks. */
const randomSeed = 1;

/** Weights of every network the configuration needs. Throws WEIGHTS_NOT_INSTALLED, which names the command that helps. */
export async function featureWeights(config: TrainingConfig): Promise<FeatureWeights> {
  const weights = new Map<FeatureNetwork, ReadonlyMap<string, Float32Array>>();
  for (const [network, specs] of featureNetworks(trainerConfig(config)))
    weights.set(
      network,
      config.features === 'random'
        ? randomFeatures(specs, randomSeed)
        : await readInstalledWeights(network, specs.map(({ name }) => name)),
    ); // prettier-ignore
  return weights;
}

/** Networks of the configuration whose weights are wanted and not installed. */
export async function missingFeatureNetworks(config: TrainingConfig): Promise<FeatureNetwork[]> {
  if (config.features !== 'vgg') return [];
  const installed = (await listWeights()).filter(({ record }) => record !== null).map(({ name }) => name);
  return [...featureNetworks(trainerConfig(config)).keys()].filter((network) => !installed.includes(network));
}
