/**
 * How much memory and disk a run will take, before it is prepared.
 *
 * Memory is the resident memory of the training process on the CPU. Its model was fitted to eleven measured peaks of two training steps
 * (150 to 2350 MiB: channels 4–64, blocks 1–9, crops 32×32–320×192, batches 2–8, with and without weights; within ±10 %); the terms of the
 * warm-up and of the film were set by four whole runs of the quick preset (529 to 1640 MiB; within ±5 %), which are therefore no check of it.
 * On a GPU nothing was measured: the process should hold less, the device about as much.
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

const memoryModel = {
  /** Node, ONNX Runtime and its programs; logs, checkpoints and slices on their way. */
  baseMiB: 290,
  perParameterBytes: 44,
  /** Of a slice under the plain training step: per pixel and channel of the stem, and further of each residual block. */
  perFeatureBytes: 146,
  perBlockBytes: 10.5,
  /** A slice whose weights are learned takes this many times a plain one. */
  weightedFactor: 1.46,
  /** And so many times for the weight maps of the film. */
  filmFactor: 0.9,
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
  const { baseMiB, perParameterBytes, perFeatureBytes, perBlockBytes, weightedFactor, filmFactor } =
    memoryModel;
  const features = generator.ngf * cropPx[0] * cropPx[1];
  const sliceBytes = features * (perFeatureBytes + perBlockBytes * generator.blocks);
  // ONNX Runtime keeps the memory of every program it has run: those of the warm-up, of the step and of the meta batch add up.
  const warmup = warmupEpochs > 0 ? warmupBatchSize : 0;
  const weighted = weightedFactor * batchSize + Math.min(metaBatchSize, metaMicroBatch);
  const film = config.filmSlices > 0 ? filmFactor * batchSize : 0;
  const slicesHeld = warmup + (config.parts.weights ? weighted + film : batchSize);
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
  const watched = config.parts.weights ? Math.min(config.watchedSlices, train) : 0;
  const images = 2 * (train + meta) + 3 * Math.min(config.filmSlices, train) * (epochs + 1) + 3 * 2 * watched;
  return float * (images * pixels + 2 * 3 * parameterCount(config));
}

/** Of both networks. */
function parameterCount({ generator, discriminator }: TrainingConfig): number {
  const { inputChannels } = generator;
  const specs = [...generatorSpecs(generator), ...discriminatorSpecs({ ...discriminator, inputChannels })];
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
