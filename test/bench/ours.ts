/** Our side of the bench, a child process of bench.ts: one row per kind, which gets the size and returns the step to time. */
import { createTranslator } from '../../src-main/learn/inference.ts';
import { generatorSpecs } from '../../src-main/learn/networks/generator.ts';
import { initialise } from '../../src-main/learn/networks/initialise.ts';
import type { ReweightingConfig } from '../../src-main/learn/steps/trainingStep.ts';
import { createTrainer, type Batch } from '../../src-main/learn/trainer.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import { createOnnxExecutor } from '../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import type { BenchKind, BenchSize } from './benchCase.ts';
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

const abstractReweighting: ReweightingConfig = {
  innerStep: 'sgd',
  smoothing: 1,
  scaling: 'none',
  floor: 0,
  memory: 0,
  besideClean: false,
};

function train(reweighted: boolean): Prepare {
  return async (size) => {
    const trainer = createTrainer(
      {
        generator: { inputChannels: 1, ngf: size.ngf, blocks: size.blocks },
        discriminator: { inputChannels: 1, ndf: size.ngf },
        pixelFactor: 100,
        adversarialFactor: 1,
        perceptual: null,
        contextual: null,
        registration: null,
        reweighting: reweighted ? abstractReweighting : null,
        extents: [size.h, size.w],
        metaMicroBatch: size.m,
        dropout: 0.5,
        seed: 1,
      },
      executor,
    );
    const training = batch(size.n, size);
    const meta = reweighted ? batch(size.m, size) : null;
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
  plain: train(false),
  meta: train(true),
  evaluate: prepareEvaluation,
};

await serveRuns(kinds);
await executor.dispose();
