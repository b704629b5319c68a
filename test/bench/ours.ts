/** Our side of the bench, a child process of bench.ts: one row per kind, which gets the size and returns the step to time. */
import { randomFeatures } from '../../src-main/learn/features/randomFeatures.ts';
import { createTranslator } from '../../src-main/learn/inference.ts';
import { featureNetworks, type ContextualConfig } from '../../src-main/learn/losses/featureLosses.ts';
import { generatorSpecs } from '../../src-main/learn/networks/generator.ts';
import { registrationLevels } from '../../src-main/learn/networks/registration.ts';
import { initialise } from '../../src-main/learn/networks/initialise.ts';
import type { ReweightingConfig } from '../../src-main/learn/steps/trainingStep.ts';
import type { TrainerConfig } from '../../src-main/learn/trainerConfig.ts';
import { createTrainer, type Batch } from '../../src-main/learn/trainer.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { createOnnxExecutor } from '../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { trainedParts, type BenchKind, type BenchSize, type TrainingKind } from './benchCase.ts';
import { prepareEvaluation } from './evaluateWork.ts';
import { serveRuns, type Prepare, type Prepared } from './serveRuns.ts';

const profileTo = process.env['ILIUM_BENCH_PROFILE'];
const executor = createOnnxExecutor('cpu', profileTo ? { profileTo } : {});
const versions = { executor: executor.name, node: process.version };
const random = createRandom(1);

function slices(count: number, { h, w }: BenchSize): Float32Array {
  return Float32Array.from({ length: count * h * w }, () => 2 * random.uniform() - 1);
}

function batch(count: number, size: BenchSize): Batch {
  return { x: slices(count, size), y: slices(count, size) };
}

async function infer(size: BenchSize): Promise<Prepared> {
  const config = { inputChannels: 1, ngf: size.ngf, blocks: size.blocks };
  const values = initialise(generatorSpecs(config), 1);
  const translate = await createTranslator(executor, config, values, [size.n, size.h, size.w]);
  const x = slices(size.n, size);
  return {
    versions,
    run: async () => {
      await translate(x);
    },
  };
}

/** As the presets have it. */
const contextualLoss: ContextualConfig = {
  factor: 1,
  form: 'contextual',
  bandwidth: 0.5,
  layers: ['relu3_4', 'relu4_4'],
  positions: null,
};

const abstractReweighting: ReweightingConfig = {
  innerStep: 'sgd',
  smoothing: 1,
  scaling: 'none',
  floor: 0,
  remembers: false,
  besideClean: false,
};

function train(kind: TrainingKind): Prepare {
  const { weights, perceptual, contextual, registration } = trainedParts[kind];
  return async (size) => {
    const extents = [size.h, size.w] as const;
    const config: TrainerConfig = {
      generator: { inputChannels: 1, ngf: size.ngf, blocks: size.blocks },
      discriminator: { inputChannels: 1, ndf: size.ngf },
      pixelFactor: 100,
      adversarialFactor: 1,
      perceptual: perceptual ? { factor: 100 } : null,
      contextual: contextual ? contextualLoss : null,
      registration: registration ? { levels: registrationLevels(extents), smoothnessFactor: 50 } : null,
      reweighting: weights ? abstractReweighting : null,
      extents,
      metaMicroBatch: size.m,
      dropout: 0.5,
      seed: 1,
    };
    const features = new Map(
      [...featureNetworks(config)].map(([network, specs]) => [network, randomFeatures(specs, 1)]),
    );
    const trainer = createTrainer(config, executor, { features });
    const training = batch(size.n, size);
    const meta = weights ? batch(size.m, size) : null;
    return {
      versions,
      run: async () => {
        await trainer.advance(training, 2e-4, meta);
      },
    };
  };
}

const kinds: Partial<Record<BenchKind, Prepare>> = {
  infer,
  plain: train('plain'),
  meta: train('meta'),
  pgan: train('pgan'),
  'reg-pgan': train('reg-pgan'),
  'ctx-pgan': train('ctx-pgan'),
  'meta-ctx': train('meta-ctx'),
  evaluate: prepareEvaluation,
};

await serveRuns(kinds);
await executor.dispose();
