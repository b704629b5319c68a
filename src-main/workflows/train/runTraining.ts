/**
 * Trains a prepared run from its last checkpoint to its end. What a step does follows from the configuration and the step's number
 * alone; stopping, resuming and checkpoints at any time do not change the result.
 */
import { mkdir } from 'node:fs/promises';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { learningRateFactor } from '../../learn/schedule.ts';
import type { FeatureWeights } from '../../learn/losses/featureLosses.ts';
import { createTrainer, type Batch, type StepResult } from '../../learn/trainer.ts';
import { initialState } from '../../learn/trainerState.ts';
import { AppError } from '../../shared/appError.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import type { Executor } from '../../tensor/executor.ts';
import { sameShape } from '../../tensor/tensor.ts';
import { fileExists } from '../files/fileExists.ts';
import { readRecord } from '../files/record.ts';
import { sweepPartials } from '../files/temporaryName.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint, type KeptTensors } from './checkpoint.ts';
import { writeFilmFrame, writeFilmSlices, type FilmOptions } from './film.ts';
import { methodNotes } from './methodNotes.ts';
import { runPaths, runRecordSchema, type RunPaths, type RunRecord } from './runFolder.ts';
import { metaBatch, slicesOf, spread, trainingBatch } from './sampling.ts';
import { openSliceCache, type SliceAddress } from './sliceCache.ts';
import type { TrainingConfig } from './trainingConfig.ts';
import { stepPlan, type StepPlan } from './stepPlan.ts';
import { createPace, epochMessage, stepLine } from './stepReport.ts';
import { trainerConfig } from './trainerConfig.ts';
import { appendLog, rewindLog } from './trainingLog.ts';
import { trainedRoles } from './trainingRoles.ts';
import { createWeightMemory } from './weightMemory.ts';
import { createWeightTally, type WeightTally } from './weightTally.ts';

export interface TrainingOutcome {
  readonly status: 'finished' | 'stopped';
  readonly step: number;
  readonly totalSteps: number;
  /** Of the last step, HU. */
  readonly pixelHu: number | null;
}

/** Longest time between checkpoints, besides the one after every epoch. */
const checkpointEveryMs = 10 * 60_000;

/**
 * Runs until the end or until asked to stop; both leave a checkpoint. `features` are the weights of the networks that the run's feature losses
 * look through. Throws RUN_NOT_FOUND, CHECKPOINT_CORRUPT,
 * TRAINING_DIVERGED, DISK_FULL; the last checkpoint then stays.
 */
export async function runTraining(
  folder: string,
  executor: Executor,
  { onEvent, signal }: JobContext,
  features: FeatureWeights = new Map(),
): Promise<TrainingOutcome> {
  const paths = runPaths(folder);
  if (!(await fileExists(paths.record))) throw new AppError('RUN_NOT_FOUND', { run: folder });
  const record = await readRecord(paths.record, runRecordSchema);
  const { config } = record;
  const plan = planOf(record);
  const { extents, reweighting } = trainerConfig(config);
  const tally = reweighting && createWeightTally(plan.train, plan.watched, extents);
  const memory =
    reweighting && reweighting.remembers
      ? createWeightMemory(plan.train.length, extents, config.weightMemory)
      : null;
  const kept = [tally, memory].filter((one) => one !== null);
  await sweepPartials(folder);
  const start = await startingPoint(paths, record, kept);
  await rewindLog(paths.log, start.step);
  await mkdir(paths.film, { recursive: true });
  await sweepPartials(paths.film);

  const reader = openSliceCache(
    paths.cache,
    [...record.cases.train, ...record.cases.meta],
    extents[0] * extents[1],
    config.generator.inputChannels,
  );
  const partsFrom = config.warmupParts ? 0 : plan.steps.warmupSteps;
  const trainer = createTrainer(trainerConfig(config), executor, { ...start, partsFrom, features });
  const film = filmOf(config, plan, paths);
  /** The state, of which only finite values are worth keeping: the losses of a step say nothing of the update that followed. */
  const snapshot = async (): Promise<Checkpoint> => {
    const { step } = trainer;
    const state = await trainer.state();
    if (![...state.values()].every(({ data }) => data.every(Number.isFinite)))
      throw new AppError('TRAINING_DIVERGED', { step });
    return { step, state };
  };
  const metaOf = async (step: number): Promise<Batch | null> =>
    reweighting
      ? reader.read(pick(plan.meta, metaBatch(plan.meta.length, config.metaBatchSize, config.seed, step)))
      : null;

  let savedAt = Date.now();
  let pixelHu: number | null = null;
  const pace = createPace();
  try {
    const notes = methodNotes(record);
    for (const message of notes) onEvent({ type: 'log', level: 'info', message });
    if (trainer.step === 0)
      await appendLog(
        paths.log,
        notes.map((message) => ({ type: 'note', step: 0, message })),
      );
    if (trainer.step === 0 && film.slices.length > 0) {
      await writeFilmSlices(film, reader);
      await writeFilmFrame(film, reader, trainer, await metaOf(0), 0);
    }
    while (trainer.step < plan.steps.totalSteps && !signal.aborted) {
      const { step } = trainer;
      const began = performance.now();
      const planned = plan.steps.at(step);
      const { epoch } = planned;
      const indices = trainingBatch(plan.train.length, planned, config.seed);
      const batch = await reader.read(pick(plan.train, indices));
      const learningRate =
        config.learningRate *
        learningRateFactor(epoch, config.constantEpochs, config.decayEpochs) *
        (planned.isWarmup ? 1 : config.rateAfterWarmup);
      const meta = planned.isWarmup ? null : await metaOf(step);
      const clean = Float32Array.from(indices, (index) => (index < plan.weighed ? 0 : 1));
      const remembered = memory && { memory: memory.recall(indices) };
      const result = await trainer.advance({ ...batch, clean, ...remembered }, learningRate, meta);
      const { pixel, adversarial, discriminator, parts } = result;
      if (![pixel, adversarial, discriminator, ...Object.values(parts)].every(Number.isFinite))
        throw new AppError('TRAINING_DIVERGED', { step: step + 1 });
      if (memory && result.meta) memory.remember(indices, result.meta.u);
      if (tally && result.meta && 2 * epoch >= plan.steps.epochs) addToTally(tally, indices, result.meta);

      pace.add((performance.now() - began) / 1000);
      const line = stepLine(result, config, {
        step: step + 1,
        epoch,
        learningRate,
        ...pace.estimate(plan.steps.totalSteps - step - 1),
      });
      pixelHu = line.pixelHu;
      await appendLog(paths.log, [line]);
      onEvent({ type: 'progress', step: 'train', done: step + 1, total: plan.steps.totalSteps });
      onEvent({ type: 'data', data: { run: record.runId, step: step + 1, epoch } });

      if (planned.endsEpoch) {
        // The checkpoint comes last: what a kill before it loses is done again, what was written for it is replaced or rewound.
        const checkpoint = await snapshot();
        if (film.slices.length > 0) await writeFilmFrame(film, reader, trainer, await metaOf(0), epoch + 1);
        await appendLog(paths.log, [
          { type: 'epoch', epoch: epoch + 1, step: step + 1, time: new Date().toISOString() },
        ]);
        await writeCheckpoint(paths.checkpoint, checkpoint, kept);
        savedAt = Date.now();
        onEvent({
          type: 'log',
          level: 'info',
          message: epochMessage(line, epoch + 1),
          data: { epoch: epoch + 1 },
        });
        onEvent({ type: 'data', data: { run: record.runId, step: step + 1, epoch: epoch + 1 } });
      } else if (Date.now() - savedAt > checkpointEveryMs) {
        await writeCheckpoint(paths.checkpoint, await snapshot(), kept);
        savedAt = Date.now();
      }
    }
    const finished = trainer.step >= plan.steps.totalSteps;
    if (!finished) await writeCheckpoint(paths.checkpoint, await snapshot(), kept);
    else if (tally) await writeWeights(paths.weights, tally, plan.watched);
    return {
      status: finished ? 'finished' : 'stopped',
      step: trainer.step,
      totalSteps: plan.steps.totalSteps,
      pixelHu,
    };
  } finally {
    trainer.dispose();
    await reader.close();
  }
}

interface Plan {
  readonly train: readonly SliceAddress[];
  /** So many of `train`, the first ones, may be weighed; the others count evenly. */
  readonly weighed: number;
  readonly meta: readonly SliceAddress[];
  readonly watched: readonly SliceAddress[];
  readonly steps: StepPlan;
}

function planOf({ config, cases }: RunRecord): Plan {
  const [weighed = [], ...even] = trainedRoles(config).map((role) => slicesOf(cases[role]));
  const train = [...weighed, ...even.flat()];
  return {
    train,
    weighed: weighed.length,
    meta: slicesOf(cases.meta),
    watched: spread(weighed, config.watchedSlices),
    steps: stepPlan(config, train.length),
  };
}

/** The last checkpoint, which must be one of this run, or the beginning. */
async function startingPoint(
  { checkpoint: path }: RunPaths,
  record: RunRecord,
  kept: readonly KeptTensors[],
): Promise<Checkpoint> {
  const fresh = initialState(trainerConfig(record.config));
  if (!(await fileExists(path))) return { step: 0, state: fresh };
  const saved = await readCheckpoint(path, kept);
  const fits = [...fresh].every(([name, { shape }]) =>
    sameShape(saved.state.get(name)?.shape ?? [NaN], shape),
  );
  if (!fits || saved.step > planOf(record).steps.totalSteps)
    throw new AppError('CHECKPOINT_CORRUPT', { path, reason: 'it belongs to another run' });
  return saved;
}

function filmOf(config: TrainingConfig, plan: Plan, paths: RunPaths): FilmOptions {
  return {
    folder: paths.film,
    slices: spread(plan.train.slice(0, plan.weighed), config.filmSlices),
    extents: trainerConfig(config).extents,
    channels: config.generator.inputChannels,
    batchSize: config.batchSize,
  };
}

function pick(slices: readonly SliceAddress[], indices: readonly number[]): SliceAddress[] {
  return indices.map((index) => slices[index]).filter((address) => address !== undefined);
}

function addToTally(
  tally: WeightTally,
  indices: readonly number[],
  { u, w }: NonNullable<StepResult['meta']>,
): void {
  const pixels = u.length / indices.length;
  for (const [at, index] of indices.entries()) {
    const part = (map: Float32Array): Float32Array => map.subarray(at * pixels, (at + 1) * pixels);
    tally.add(
      index,
      part(u),
      part(w).map((weight) => weight * u.length),
    );
  }
}

/** `visits` [s], `positive` and `weight` [s, h, w] (sums over the visits) of the watched slices, named in the metadata. */
async function writeWeights(
  path: string,
  tally: WeightTally,
  watched: readonly SliceAddress[],
): Promise<void> {
  const tensors = [...tally.tensors()].map(
    ([name, { shape, data }]) => [name.replace('tally.', ''), { shape: [...shape], data }] as const,
  );
  await writeAtomically(path, encodeSafetensors(new Map(tensors), { slices: JSON.stringify(watched) }));
}
