/**
 * Owns a training run's state on an executor: parameters and optimiser moments of its networks, and the programs that advance them. All
 * randomness of a step follows from the run's seed and the step's number, so a state and a step number are all that resuming needs.
 */
import type { DeviceTensor, Executor, Feed, Program } from '../tensor/executor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { readAll, take } from './deviceValues.ts';
import type { FeatureWeights } from './losses/featureLosses.ts';
import { generatorSpecs } from './networks/generator.ts';
import { createCleanGradient } from './reweighting/cleanGradient.ts';
import { stepFeeds, uploadFeatures } from './stepFeeds.ts';
import { innerStep } from './steps/innerStep.ts';
import { predictionStep } from './steps/predictionStep.ts';
import { trainingStep } from './steps/trainingStep.ts';
import { weightMapStep } from './steps/weightMapStep.ts';
import type { TrainerConfig } from './trainerConfig.ts';
import { initialState, type TrainerState } from './trainerState.ts';

/** Slices in [−1, 1], row-major: `x` [n, k, h, w], `y` [n, 1, h, w]. */
export interface Batch {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** A batch to train on, with what the reweighting's settings ask for. */
export interface TrainingBatch extends Batch {
  /** Of each slice: 1 for a well-registered one, whose pixels count evenly, else 0. */
  readonly clean?: Float32Array;
  /** Running means of u [n, 1, h, w], and of each slice the share of its new mean that the old one makes up, 0…1. */
  readonly memory?: { readonly maps: Float32Array; readonly kept: Float32Array };
}

/** What no method has before its parts act. */
const withoutParts = { perceptual: null, contextual: null, registration: null } as const;
const isOfRegistration = (name: string): boolean => name.startsWith('registration.');

/** Losses that only some methods have; with registration |output − target| after the warp is one of them. */
export const partLossNames = ['perceptual', 'contextual', 'registration', 'smoothness'] as const;
export type PartLosses = { readonly [K in (typeof partLossNames)[number]]?: number };

export interface StepResult {
  /** Mean |G(x) − y| in [−1, 1] units, unweighted. */
  readonly pixel: number;
  readonly adversarial: number;
  readonly discriminator: number;
  /** Those the method has, before their factors. */
  readonly parts: PartLosses;
  /** With reweighting: the validation loss the weights were learned from, and the maps u and w [n, 1, h, w] (own copies). */
  readonly meta: { readonly validation: number; readonly u: Float32Array; readonly w: Float32Array } | null;
}

export interface WeightMaps {
  readonly u: Float32Array;
  readonly w: Float32Array;
  readonly prediction: Float32Array;
  readonly validation: number;
}

export interface Trainer {
  /** Steps done. */
  readonly step: number;
  /**
   * One step with a batch of any size; reweighted by `meta` (any number of slices), or with every pixel counting the same where that is
   * null.
   */
  advance(batch: TrainingBatch, learningRate: number, meta: Batch | null): Promise<StepResult>;
  /**
   * u, w and the prediction for a batch at the present parameters, without dropout: shaped as in training, but along the abstract's own
   * direction and without memory.
   */
  weightMaps(batch: Batch, meta: Batch): Promise<WeightMaps>;
  /** The prediction [n, 1, h, w] for x [n, k, h, w] at the present parameters, without dropout. */
  predict(x: Float32Array): Promise<Float32Array>;
  /** Copies of the generator's parameters. */
  generatorParameters(): Promise<Map<string, Float32Array>>;
  /** A copy of the whole state. */
  state(): Promise<TrainerState>;
  dispose(): void;
}

export interface TrainerStart {
  readonly state?: TrainerState;
  /** Steps done before. */
  readonly step?: number;
  /** Steps before the feature losses and the registration act: so far every method is plain pGAN. 0 unless told. */
  readonly partsFrom?: number;
  /** Needed for feature losses. */
  readonly features?: FeatureWeights;
}

/**
 * Starts from a state, by default the initial one. The trainer copies it and frees everything it holds in `dispose`. Throws a RangeError
 * where the state or the features lack something.
 */
export function createTrainer(
  config: TrainerConfig,
  executor: Executor,
  {
    state = initialState(config),
    step: stepsBefore = 0,
    partsFrom = 0,
    features = new Map(),
  }: TrainerStart = {},
): Trainer {
  const [h, w] = config.extents;
  const { generator, reweighting } = config;
  let step = stepsBefore;
  const stateNames = [...initialState(config).keys()];
  const held = new Map<string, DeviceTensor>();
  for (const name of stateNames) {
    const entry = state.get(name);
    if (!entry) throw new RangeError(`The state has no ${name}.`);
    held.set(name, executor.upload(entry.data.slice(), entry.shape));
  }
  const frozen = uploadFeatures(config, executor, features);
  const direction = createCleanGradient(config, executor);

  const programs = new Map<string, Promise<Program>>();
  const programOf = (
    key: string,
    build: () => Record<string, Tensor>,
    resident: readonly string[] = [],
  ): Promise<Program> => {
    const compiled = programs.get(key) ?? executor.compile(build(), { resident });
    programs.set(key, compiled);
    return compiled;
  };
  /** The configuration of the step to come. */
  const present = (): TrainerConfig => (step < partsFrom ? { ...config, ...withoutParts } : config);
  const stepProgram = (n: number, reweighted: boolean, trained: readonly string[]): Promise<Program> => {
    const ofStep = { ...present(), reweighting: reweighted ? reweighting : null };
    const key = `step ${n} ${reweighted} ${step < partsFrom}`;
    return programOf(key, () => trainingStep(ofStep, [n, h, w]), trained);
  };

  const parameters = (prefix: string): Record<string, DeviceTensor> =>
    Object.fromEntries(
      generatorSpecs(generator).map(({ name }) => {
        const handle = held.get(`generator.value.${name}`);
        if (!handle) throw new RangeError(`The state has no ${name}.`);
        return [`${prefix}${name}`, handle];
      }),
    );

  /** ∇V where the inner step leads to, and Adam's scaling where that is its own; the caller disposes the handles. */
  const learnDirection = async (meta: Batch, feeds: Record<string, Feed>, n: number) => {
    if (reweighting?.innerStep !== 'adam') {
      const { gradient, validation } = await direction.compute(meta, parameters('parameter.'));
      return { validation, handles: prefixed('direction.', gradient) };
    }
    const names = generatorSpecs(generator).map(({ name }) => name);
    const key = `inner ${n} ${step < partsFrom}`;
    const program = await programOf(key, () => innerStep(present(), [n, h, w]), [
      ...names.map((name) => `parameter.${name}`),
      ...names.map((name) => `scale.${name}`),
    ]);
    const inner = await program.run(feeds);
    const { gradient, validation } = await direction.compute(meta, inner);
    return { validation, handles: { ...inner, ...prefixed('direction.', gradient) } };
  };

  return {
    get step() {
      return step;
    },
    async advance(batch, learningRate, meta) {
      if (meta !== null && reweighting === null)
        throw new RangeError('A meta batch belongs to a run with reweighting.');
      const n = batch.y.length / (h * w);
      const feeds: Record<string, Feed> = {
        ...Object.fromEntries(held),
        ...frozen,
        ...stepFeeds(config, n, { step, partsFrom, learningRate }),
        x: batch.x,
        y: batch.y,
      };
      const learned = meta && (await learnDirection(meta, feeds, n));
      Object.assign(feeds, learned?.handles, learned && weightFeeds(batch, n, h * w));

      const trained = stateNames.filter((name) => present().registration || !isOfRegistration(name));
      const results = await (await stepProgram(n, meta !== null, trained)).run(feeds);
      for (const handle of Object.values(learned?.handles ?? {})) handle.dispose();
      for (const name of trained) {
        held.get(name)?.dispose();
        held.set(name, take(results, name));
      }
      step += 1;
      const number = async (name: string): Promise<number> => (await readAll(take(results, name)))[0] ?? NaN;
      const parts: [string, number][] = [];
      for (const name of partLossNames) if (results[name]) parts.push([name, await number(name)]);
      return {
        pixel: await number('pixel'),
        adversarial: await number('adversarial'),
        discriminator: await number('discriminator'),
        parts: Object.fromEntries(parts),
        meta: learned && {
          validation: learned.validation,
          u: await readAll(take(results, 'u')),
          w: await readAll(take(results, 'w')),
        },
      };
    },
    async weightMaps(batch, meta) {
      const n = batch.y.length / (h * w);
      const program = programOf(`maps ${n}`, () =>
        weightMapStep(generator, [n, h, w], reweighting ?? undefined),
      );
      const clean = await direction.compute(meta, parameters('parameter.'));
      const results = await (
        await program
      ).run({
        ...parameters('parameter.'),
        ...prefixed('direction.', clean.gradient),
        x: batch.x,
        y: batch.y,
      });
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
      const program = await programOf(`prediction ${n}`, () => predictionStep(generator, [n, h, w]));
      const results = await program.run({ ...parameters('parameter.'), x });
      return readAll(take(results, 'prediction'));
    },
    async generatorParameters() {
      const values = new Map<string, Float32Array>();
      for (const [name, handle] of Object.entries(parameters('')))
        values.set(name, (await handle.read()).slice());
      return values;
    },
    async state() {
      const copy = new Map<string, { shape: readonly number[]; data: Float32Array }>();
      for (const [name, handle] of held)
        copy.set(name, { shape: handle.shape, data: (await handle.read()).slice() });
      return copy;
    },
    dispose() {
      for (const handle of [...held.values(), ...Object.values(frozen)]) handle.dispose();
      held.clear();
      direction.dispose();
    },
  };
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** What a reweighted step may ask for besides the direction; what a batch does not say is nothing clean and nothing remembered. */
function weightFeeds({ clean, memory }: TrainingBatch, n: number, pixels: number): Record<string, Feed> {
  return {
    clean: clean ?? new Float32Array(n),
    memory: memory?.maps ?? new Float32Array(n * pixels),
    kept: memory?.kept ?? new Float32Array(n),
  };
}
