/**
 * Owns a training run's state on an executor: parameters and optimiser moments of both networks, and the programs that advance them. All
 * randomness of a step follows from the run's seed and the step's number, so a state and a step number are all that resuming needs.
 */
import { createRandom } from '../shared/random.ts';
import type { DeviceTensor, Executor, Feed, Program } from '../tensor/executor.ts';
import { sizeOf, type Shape } from '../tensor/tensor.ts';
import { dropoutMask } from '../tensor/functions/dropoutMask.ts';
import { discriminatorSpecs } from './networks/discriminator.ts';
import { dropoutShape, generatorSpecs } from './networks/generator.ts';
import { initialise } from './networks/initialise.ts';
import type { ParameterSpec } from './networks/parameterSpec.ts';
import { adamCorrections } from './optimizers/adam.ts';
import { createCleanGradient } from './reweighting/cleanGradient.ts';
import { stateParts, trainingStep, type TrainingStepConfig } from './steps/trainingStep.ts';
import { predictionStep } from './steps/predictionStep.ts';
import { weightMapStep } from './steps/weightMapStep.ts';

export interface TrainerConfig extends TrainingStepConfig {
  /** Height and width of the slices, multiples of 4. */
  readonly extents: readonly [h: number, w: number];
  /** Images per pass over the meta batch; bounds its memory. */
  readonly metaMicroBatch: number;
  readonly dropout: number;
  readonly seed: number;
}

/** Slices in [−1, 1], row-major: `x` [n, k, h, w], `y` [n, 1, h, w]. */
export interface Batch {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface StepResult {
  /** Mean |G(x) − y| in [−1, 1] units, unweighted. */
  readonly pixel: number;
  readonly adversarial: number;
  readonly discriminator: number;
  /** With reweighting: the validation loss before the step, and the maps u and w [n, 1, h, w] (own copies). */
  readonly meta: { readonly validation: number; readonly u: Float32Array; readonly w: Float32Array } | null;
}

export interface WeightMaps {
  readonly u: Float32Array;
  readonly w: Float32Array;
  readonly prediction: Float32Array;
  readonly validation: number;
}

/** Values of `<network>.<part>.<parameter>`, as a checkpoint holds them. */
export type TrainerState = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

export interface Trainer {
  /** Steps done. */
  readonly step: number;
  /** One step with a batch of any size; reweighted by `meta` (any number of slices), or with every pixel counting the same where that is null. */
  advance(batch: Batch, learningRate: number, meta: Batch | null): Promise<StepResult>;
  /** u, w and the prediction for a batch at the present parameters, without dropout; smoothing as in training. */
  weightMaps(batch: Batch, meta: Batch): Promise<WeightMaps>;
  /** The prediction [n, 1, h, w] for x [n, k, h, w] at the present parameters, without dropout. */
  predict(x: Float32Array): Promise<Float32Array>;
  /** Copies of the generator's parameters. */
  generatorParameters(): Promise<Map<string, Float32Array>>;
  /** A copy of the whole state. */
  state(): Promise<TrainerState>;
  dispose(): void;
}

/** Initial state of both networks, moments zero. */
export function initialState(config: TrainerConfig): TrainerState {
  const state = new Map<string, { shape: Shape; data: Float32Array }>();
  for (const [at, [network, specs]] of networks(config).entries()) {
    const values = initialise(specs, config.seed + at);
    for (const part of stateParts)
      for (const { name, shape } of specs) {
        const data = part === 'value' ? values.get(name) : undefined;
        state.set(`${network}.${part}.${name}`, { shape, data: data ?? new Float32Array(sizeOf(shape)) });
      }
  }
  return state;
}

function networks(config: TrainerConfig): [string, readonly ParameterSpec[]][] {
  return [
    ['generator', generatorSpecs(config.generator)],
    ['discriminator', discriminatorSpecs(config.discriminator)],
  ];
}

/** Starts from `state` after `step` steps. The trainer copies the state and frees everything it holds in `dispose`. */
export function createTrainer(
  config: TrainerConfig,
  executor: Executor,
  state: TrainerState = initialState(config),
  step = 0,
): Trainer {
  const [h, w] = config.extents;
  const { generator } = config;
  const stateNames = [...initialState(config).keys()];
  let held = new Map<string, DeviceTensor>();
  for (const name of stateNames) {
    const entry = state.get(name);
    if (!entry) throw new RangeError(`The state has no ${name}.`);
    held.set(name, executor.upload(entry.data.slice(), entry.shape));
  }
  const stepPrograms = new Map<string, Promise<Program>>();
  const stepProgram = (n: number, reweighted: boolean): Promise<Program> => {
    const reweighting = reweighted ? config.reweighting : null;
    const key = `${n} ${reweighted}`;
    const compiled =
      stepPrograms.get(key) ??
      executor.compile(trainingStep({ ...config, reweighting }, [n, h, w]), { resident: stateNames });
    stepPrograms.set(key, compiled);
    return compiled;
  };
  const direction = createCleanGradient(config, executor);
  const weightPrograms = new Map<number, Promise<Program>>();
  const predictionPrograms = new Map<number, Promise<Program>>();

  const parameters = (prefix: string): Record<string, DeviceTensor> =>
    Object.fromEntries(
      generatorSpecs(generator).map(({ name }) => {
        const handle = held.get(`generator.value.${name}`);
        if (!handle) throw new RangeError(`The state has no ${name}.`);
        return [`${prefix}${name}`, handle];
      }),
    );

  return {
    get step() {
      return step;
    },
    async advance(batch, learningRate, meta) {
      if (meta !== null && config.reweighting === null)
        throw new RangeError('A meta batch belongs to a run with reweighting.');
      const n = batch.y.length / (h * w);
      const maskShape = dropoutShape(generator, [n, h, w]);
      const random = createRandom(config.seed * 1_000_003 + step);
      const feeds: Record<string, Feed> = { ...Object.fromEntries(held), x: batch.x, y: batch.y };
      for (let block = 0; block < generator.blocks; block++)
        feeds[`mask${block}`] = dropoutMask(maskShape, config.dropout, random);
      const corrections = adamCorrections(step + 1);
      feeds.learningRate = Float32Array.of(learningRate);
      feeds.firstCorrection = Float32Array.of(corrections.firstCorrection);
      feeds.secondCorrection = Float32Array.of(corrections.secondCorrection);
      const clean = meta && (await direction.compute(meta, parameters('parameter.')));
      if (clean)
        for (const [name, handle] of Object.entries(clean.gradient)) feeds[`direction.${name}`] = handle;

      const results = await (await stepProgram(n, meta !== null)).run(feeds);
      for (const handle of held.values()) handle.dispose();
      if (clean) for (const handle of Object.values(clean.gradient)) handle.dispose();
      held = new Map(stateNames.map((name) => [name, take(results, name)]));
      step += 1;
      const number = async (name: string): Promise<number> => (await readAll(take(results, name)))[0] ?? NaN;
      return {
        pixel: await number('pixel'),
        adversarial: await number('adversarial'),
        discriminator: await number('discriminator'),
        meta: clean && {
          validation: clean.validation,
          u: await readAll(take(results, 'u')),
          w: await readAll(take(results, 'w')),
        },
      };
    },
    async weightMaps(batch, meta) {
      const n = batch.y.length / (h * w);
      const smoothing = config.reweighting?.smoothing ?? 1;
      const compiled =
        weightPrograms.get(n) ?? executor.compile(weightMapStep(generator, [n, h, w], smoothing));
      weightPrograms.set(n, compiled);
      const clean = await direction.compute(meta, parameters('parameter.'));
      const feeds: Record<string, Feed> = { ...parameters('parameter.'), x: batch.x, y: batch.y };
      for (const [name, handle] of Object.entries(clean.gradient)) feeds[`direction.${name}`] = handle;
      const results = await (await compiled).run(feeds);
      for (const handle of Object.values(clean.gradient)) handle.dispose();
      return {
        u: await readAll(take(results, 'u')),
        w: await readAll(take(results, 'w')),
        prediction: await readAll(take(results, 'prediction')),
        validation: clean.validation,
      };
    },
    async predict(x) {
      const n = x.length / (h * w * generator.inputChannels);
      const compiled = predictionPrograms.get(n) ?? executor.compile(predictionStep(generator, [n, h, w]));
      predictionPrograms.set(n, compiled);
      const results = await (await compiled).run({ ...parameters('parameter.'), x });
      return readAll(take(results, 'prediction'));
    },
    async generatorParameters() {
      const values = new Map<string, Float32Array>();
      for (const [name, handle] of Object.entries(parameters('')))
        values.set(name, (await handle.read()).slice());
      return values;
    },
    async state() {
      const copy = new Map<string, { shape: Shape; data: Float32Array }>();
      for (const [name, handle] of held)
        copy.set(name, { shape: handle.shape, data: (await handle.read()).slice() });
      return copy;
    },
    dispose() {
      for (const handle of held.values()) handle.dispose();
      held.clear();
      direction.dispose();
    },
  };
}

function take(results: Readonly<Record<string, DeviceTensor>>, name: string): DeviceTensor {
  const handle = results[name];
  if (!handle) throw new RangeError(`The program has no output ${name}.`);
  return handle;
}

/** A copy of the values; the handle is disposed. */
async function readAll(handle: DeviceTensor): Promise<Float32Array> {
  const copy = (await handle.read()).slice();
  handle.dispose();
  return copy;
}
