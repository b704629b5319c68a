/** What the programs of a step are fed besides state and images: the frozen feature networks, and what follows from the step's number. */
import { createRandom } from '../shared/random.ts';
import type { DeviceTensor, Executor, Feed } from '../tensor/executor.ts';
import { dropoutMask } from '../tensor/functions/dropoutMask.ts';
import { drawnPositions, featureNetworks, type FeatureWeights } from './losses/featureLosses.ts';
import { dropoutShape } from './networks/generator.ts';
import { adamCorrections } from './optimizers/adam.ts';
import type { TrainerConfig } from './trainerConfig.ts';

export interface PlaceInRun {
  /** Steps done before. */
  readonly step: number;
  /** The first step with registration, whose Adam counts from there. */
  readonly partsFrom: number;
  readonly learningRate: number;
}

/** Random numbers and Adam's scalars of a step, for n slices. */
export function stepFeeds(
  config: TrainerConfig,
  n: number,
  { step, partsFrom, learningRate }: PlaceInRun,
): Record<string, Feed> {
  const { generator, extents, contextual } = config;
  const random = createRandom(config.seed * 1_000_003 + step);
  const feeds: Record<string, Feed> = {};
  for (let block = 0; block < generator.blocks; block++)
    feeds[`mask${block}`] = dropoutMask(dropoutShape(generator, [n, ...extents]), config.dropout, random);
  for (const { layer, count, available } of contextual ? drawnPositions(contextual, extents) : []) {
    const positions = random.shuffle([...Array(available).keys()]).slice(0, count);
    feeds[`positions.${layer}`] = Int32Array.from(positions);
  }
  feeds['learningRate'] = Float32Array.of(learningRate);
  const counted = { '': step + 1, 'registration.': Math.max(1, step - partsFrom + 1) };
  for (const [prefix, t] of Object.entries(counted)) {
    const { firstCorrection, secondCorrection } = adamCorrections(t);
    feeds[`${prefix}firstCorrection`] = Float32Array.of(firstCorrection);
    feeds[`${prefix}secondCorrection`] = Float32Array.of(secondCorrection);
  }
  return feeds;
}

/** The feature networks a configuration needs, on the device as `<network>.<parameter>`. Throws a RangeError where a parameter is missing. */
export function uploadFeatures(
  config: TrainerConfig,
  executor: Executor,
  features: FeatureWeights,
): Record<string, DeviceTensor> {
  const uploaded: Record<string, DeviceTensor> = {};
  for (const [network, specs] of featureNetworks(config))
    for (const { name, shape } of specs) {
      const data = features.get(network)?.get(name);
      if (!data) throw new RangeError(`The features have no ${network} ${name}.`);
      uploaded[`${network}.${name}`] = executor.upload(data, shape);
    }
  return uploaded;
}
