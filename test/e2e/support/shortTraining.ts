/** A real training in seconds: small crops, four channels, two epochs. What it learns is worth nothing. */
import type { RunRequest } from '../../../src-main/api/contract/training.ts';

export const shortTraining: RunRequest = {
  method: 'meta',
  preset: 'quick',
  differences: {
    generator: { inputChannels: 1, ngf: 4, blocks: 1 },
    discriminator: { ndf: 4 },
    spacingMm: [4, 4],
    cropPx: [64, 64],
    batchSize: 2,
    metaBatchSize: 4,
    metaMicroBatch: 4,
    constantEpochs: 1,
    decayEpochs: 1,
    warmupEpochs: 0,
    warmupBatchSize: 2,
    watchedSlices: 3,
    filmSlices: 3,
  },
  device: 'cpu',
};
