/**
 * How much memory and disk a run will take, before it is prepared.
 *
 * Memory is the resident memory of the training process on the CPU. Its model was fitted to eleven measured peaks of two training steps
 * (150 to 2350 MiB: channels 4–64, blocks 1–9, crops 32×32–320×192, batches 2–8, with and without weights; within ±10 %); the terms of the
 * warm-up and of the film were set by four whole runs of the quick preset (529 to 1640 MiB; within ±5 %), which are therefore no check of it.
 * What feature losses, registration and the exact inner step add was fitted to seventeen peaks of two steps (quick's networks; crops 160×104 and
 * 320×192, batches 2–8), each against what the same run takes without them; the whole is then from 3 % below to 29 % above what was measured.
 * On a GPU nothing was measured: the process should hold less, the device about as much.
 */
import { discriminatorSpecs } from '../../learn/networks/discriminator.ts';
import { comparedPositions, featureNetworks } from '../../learn/losses/featureLosses.ts';
import { generatorSpecs } from '../../learn/networks/generator.ts';
import type { ParameterSpec } from '../../learn/networks/parameterSpec.ts';
import { registrationSpecs } from '../../learn/networks/registration.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { trainerConfig } from './trainerConfig.ts';
import type { TrainingConfig } from './trainingConfig.ts';
import { trainedRoles } from './trainingRoles.ts';

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
  /** Per pixel of a slice: VGG-16 and VGG-19 for output and target, the registration network with the warp. */
  perceptualBytes: 5200,
  contextualBytes: 6000,
  registrationBytes: 11_200,
  /** Of a feature network: as read, as uploaded, in ONNX Runtime. */
  featureParameterBytes: 12,
  /** Matrices of positions × positions that the contextual loss holds per slice and layer. */
  affinityMatrices: 14,
};

const mebibyte = 2 ** 20;
const float = 4;

/** Sizes in MiB, rounded up. */
export function runSize(config: TrainingConfig, slices: RunSlices): RunSize {
  return {
    memoryMiB: Math.ceil(Math.max(memoryMiB(config, slices), preparationMiB(slices))),
    diskMiB: Math.ceil(diskBytes(config, slices) / mebibyte),
  };
}

function memoryMiB(config: TrainingConfig, slices: RunSlices): number {
  const { generator, cropPx, batchSize, warmupEpochs, warmupBatchSize, metaBatchSize, metaMicroBatch } =
    config;
  const { baseMiB, perParameterBytes, perFeatureBytes, perBlockBytes, weightedFactor, filmFactor } =
    memoryModel;
  const { weights } = config.parts;
  const features = generator.ngf * cropPx[0] * cropPx[1];
  const sliceBytes = features * (perFeatureBytes + perBlockBytes * generator.blocks);
  const partBytes = partSliceBytes(config);
  // ONNX Runtime keeps the memory of every program it has run: those of the warm-up, of the step and of the meta batch add up.
  const warmup = warmupEpochs > 0 ? warmupBatchSize : 0;
  const weighted = weightedFactor * batchSize + Math.min(metaBatchSize, metaMicroBatch);
  const film = config.filmSlices > 0 ? filmFactor * batchSize : 0;
  const inner = weights && config.innerStep === 'adam' ? batchSize : 0;
  const slicesHeld = warmup + inner + (weights ? weighted + film : batchSize);
  const bytes =
    perParameterBytes * parameterCount(config) +
    sliceBytes * slicesHeld +
    partBytes * (warmup + inner + batchSize) +
    featureBytes(config) +
    // Held, copied for a checkpoint and encoded.
    3 * memoryBytes(config, slices);
  return baseMiB + bytes / mebibyte;
}

/** What the method's losses and networks add to a slice of a step. */
function partSliceBytes(config: TrainingConfig): number {
  const { perceptualBytes, contextualBytes, registrationBytes, affinityMatrices } = memoryModel;
  const { perceptual, contextual, registration, extents } = trainerConfig(config);
  const perPixel =
    (perceptual ? perceptualBytes : 0) +
    (contextual ? contextualBytes : 0) +
    (registration ? registrationBytes : 0);
  const affinities = (contextual ? comparedPositions(contextual, extents) : []).map((p) => p * p);
  return (
    perPixel * extents[0] * extents[1] + float * affinityMatrices * affinities.reduce((a, b) => a + b, 0)
  );
}

function featureBytes(config: TrainingConfig): number {
  const specs = [...featureNetworks(trainerConfig(config)).values()].flat();
  return memoryModel.featureParameterBytes * countOf(specs);
}

/** The running means of the weight maps. */
function memoryBytes(config: TrainingConfig, slices: RunSlices): number {
  if (!config.parts.weights || config.weightMemory === 0) return 0;
  const trained = trainedRoles(config).reduce((sum, role) => sum + slices[role], 0);
  return float * trained * config.cropPx[0] * config.cropPx[1];
}

/** Preparing holds one case at a time: both images, copies on the model grid, masks; training has not begun then. */
function preparationMiB({ largestCaseVoxels }: RunSlices): number {
  return memoryModel.baseMiB + (40 * largestCaseVoxels) / mebibyte;
}

/** The slice cache, two checkpoints (one while the next is written), the film, and the summed and remembered weights in them. */
function diskBytes(config: TrainingConfig, slices: RunSlices): number {
  const { train, meta } = slices;
  const pixels = config.cropPx[0] * config.cropPx[1];
  const epochs = config.constantEpochs + config.decayEpochs;
  const watched = config.parts.weights ? Math.min(config.watchedSlices, train) : 0;
  const images = 2 * (train + meta) + 3 * Math.min(config.filmSlices, train) * (epochs + 1) + 3 * 2 * watched;
  return float * (images * pixels + 2 * 3 * parameterCount(config)) + 2 * memoryBytes(config, slices);
}

/** Of the networks that are trained. */
function parameterCount(config: TrainingConfig): number {
  const { generator, discriminator, registration } = trainerConfig(config);
  return countOf([
    ...generatorSpecs(generator),
    ...discriminatorSpecs(discriminator),
    ...(registration ? registrationSpecs(registration.levels) : []),
  ]);
}

function countOf(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
