/**
 * How much memory and disk a run will take, before it is prepared.
 *
 * Memory is that of the training process on the CPU: what programs hold whatever they do, the networks' state, and what a step keeps of its
 * slices. The figures were fitted to the peak resident memory of two training steps each; see `memoryModel` for how well they meet it.
 */
import { discriminatorSpecs } from '../../learn/networks/discriminator.ts';
import { generatorSpecs } from '../../learn/networks/generator.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { TrainingConfig } from './trainingConfig.ts';

export interface RunSlices {
  readonly train: number;
  /** 0 where the method needs none. */
  readonly meta: number;
  /** The most voxels an MR or CT has. */
  readonly largestCaseVoxels: number;
}

export interface RunSize {
  readonly memoryMiB: number;
  readonly diskMiB: number;
}

/**
 * Fitted to peaks of 150 to 1830 MiB over channels 4–32, blocks 1–9, crops 32×32–320×192, batches 2–8, with and without weights.
 */
const memoryModel = {
  /** Node, ONNX Runtime and its programs. */
  baseMiB: 190,
  perParameterBytes: 44,
  /** Of a slice under the plain training step: per pixel and channel of the stem, and further of each residual block. */
  perFeatureBytes: 146,
  perBlockBytes: 10.5,
  /** A slice whose weights are learned takes this many times a plain one. */
  weightedFactor: 1.46,
};

const mebibyte = 2 ** 20;
const float = 4;

/** Sizes in MiB, rounded up. */
export function runSize(config: TrainingConfig, slices: RunSlices): RunSize {
  return {
    memoryMiB: Math.ceil(Math.max(memoryMiB(config), preparationMiB(slices))),
    diskMiB: Math.ceil(diskBytes(config, slices) / mebibyte),
  };
}

function memoryMiB(config: TrainingConfig): number {
  const { generator, cropPx, batchSize, warmupEpochs, warmupBatchSize, metaBatchSize, metaMicroBatch } =
    config;
  const { baseMiB, perParameterBytes, perFeatureBytes, perBlockBytes, weightedFactor } = memoryModel;
  const features = generator.ngf * cropPx[0] * cropPx[1];
  const sliceBytes = features * (perFeatureBytes + perBlockBytes * generator.blocks);
  // ONNX Runtime keeps the memory of every program it has run: those of the warm-up, of the step and of the meta batch add up.
  const warmup = warmupEpochs > 0 ? warmupBatchSize : 0;
  const weighted = weightedFactor * batchSize + Math.min(metaBatchSize, metaMicroBatch);
  const slicesHeld = warmup + (config.method === 'meta' ? weighted : batchSize);
  return baseMiB + (perParameterBytes * parameterCount(config) + sliceBytes * slicesHeld) / mebibyte;
}

/** Preparing holds one case at a time: both images, copies on the model grid, masks; training has not begun then. */
function preparationMiB({ largestCaseVoxels }: RunSlices): number {
  return memoryModel.baseMiB + (40 * largestCaseVoxels) / mebibyte;
}

/** The slice cache, two checkpoints (one while the next is written), the film, and the summed weights in checkpoints and at the end. */
function diskBytes(config: TrainingConfig, { train, meta }: RunSlices): number {
  const pixels = config.cropPx[0] * config.cropPx[1];
  const epochs = config.constantEpochs + config.decayEpochs;
  const watched = config.method === 'meta' ? Math.min(config.watchedSlices, train) : 0;
  const images = 2 * (train + meta) + 3 * Math.min(config.filmSlices, train) * (epochs + 1) + 3 * 2 * watched;
  return float * (images * pixels + 2 * 3 * parameterCount(config));
}

/** Of both networks. */
function parameterCount({ generator, discriminator }: TrainingConfig): number {
  const { inputChannels } = generator;
  const specs = [...generatorSpecs(generator), ...discriminatorSpecs({ ...discriminator, inputChannels })];
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
