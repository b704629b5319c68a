import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import type { JobEvent } from '../../../../src-main/shared/jobEvent.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { createOnnxExecutor } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { featureWeights } from '../../../../src-main/services/training/featureWeights.ts';
import type { TrainingMethod } from '../../../../src-main/shared/trainingMethods.ts';
import { readRecord } from '../../../../src-main/workflows/files/record.ts';
import { prepareRun } from '../../../../src-main/workflows/train/prepareRun.ts';
import { runRecordSchema } from '../../../../src-main/workflows/train/runFolder.ts';
import { runTraining, type TrainingOutcome } from '../../../../src-main/workflows/train/runTraining.ts';
import { countingExecutor } from '../../../fixtures/countingExecutor.ts';
import { randomCase, testContext, tinyConfig, tinyStudies } from '../../../fixtures/tinyTraining.ts';

let root = '';
let executor: Executor;
let count = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-training-'));
  executor = createOnnxExecutor('cpu', { threads: 1 });
});
afterAll(async () => {
  await executor.dispose();
  rmSync(root, { recursive: true, force: true });
});

/** A prepared run in a folder of its own. */
async function prepared(method: TrainingMethod, differences: object = {}): Promise<string> {
  const folder = join(root, `run${count++}`);
  const config = tinyConfig(method, differences);
  await prepareRun(
    { folder, runId: 'tiny', config, studies: tinyStudies, networks: [], cohortPath: '' },
    testContext(),
  );
  return folder;
}
const copyOf = (folder: string): string => {
  const copy = join(root, `run${count++}`);
  cpSync(folder, copy, { recursive: true });
  return copy;
};
const stopAt = (step: number) => (event: JobEvent) =>
  event.type === 'progress' && event.step === 'train' && event.done === step;
const train = async (folder: string, shouldStop?: (event: JobEvent) => boolean): Promise<TrainingOutcome> => {
  const { config } = await readRecord(join(folder, 'run.json'), runRecordSchema);
  return runTraining(folder, executor, testContext(shouldStop), await featureWeights(config));
};

/** Log lines without what differs between two runs of the same: times and memory. */
function logOf(folder: string): object[] {
  const lines = readFileSync(join(folder, 'log.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const {
      seconds: _seconds,
      etaSeconds: _eta,
      memoryMiB: _memory,
      time: _time,
      ...rest
    } = JSON.parse(line);
    return rest as object;
  });
}

/** Every file that a run makes, but for the log: path → bytes. */
function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const made = names.filter((name) => /safetensors/.test(name) && statSync(join(folder, name)).isFile());
  return new Map(made.map((name) => [name, readFileSync(join(folder, name))]));
}

function expectSame(folder: string, reference: string): void {
  const [actual, expected] = [filesOf(folder), filesOf(reference)];
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, bytes] of expected) expect(actual.get(name)!.equals(bytes), name).toBe(true);
  expect(logOf(folder)).toEqual(logOf(reference));
}

describe('a training run', () => {
  it('leaves a checkpoint, a line per step and epoch, the film and the summed weights', async () => {
    const folder = await prepared('meta');
    const outcome = await train(folder);
    expect(outcome).toMatchObject({ status: 'finished', step: 8, totalSteps: 8 });
    const log = logOf(folder) as { type: string; learningRate?: number; positiveShare?: number }[];
    const epoch = ['step', 'step', 'step', 'step', 'epoch'];
    expect(log.map(({ type }) => type)).toEqual(['note', ...epoch, ...epoch]);
    expect(log[0]).toMatchObject({ message: expect.stringContaining('Without the contextual loss') });
    expect(log[1]!.learningRate).toBeCloseTo(0.5e-3, 12); // one constant epoch: the decay begins in it
    expect(log.at(-2)!.learningRate).toBe(0);
    expect(log[1]!.positiveShare).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'film')).sort()).toEqual([
      'epoch-0000.safetensors',
      'epoch-0001.safetensors',
      'epoch-0002.safetensors',
      'slices.safetensors',
    ]);
    const film = decodeSafetensors(readFileSync(join(folder, 'film', 'epoch-0002.safetensors')), 'film');
    expect([...film.tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['u', [3, 1, 32, 32]],
      ['w', [3, 1, 32, 32]],
      ['prediction', [3, 1, 32, 32]],
    ]);
    const weights = decodeSafetensors(readFileSync(join(folder, 'weights.safetensors')), 'weights');
    const visits = weights.tensors.get('visits')!.data as Float32Array;
    expect([...visits]).toEqual([1, 1, 1]); // the second half is one epoch, which sees every slice once
    expect(JSON.parse(weights.metadata['slices']!)).toHaveLength(3);
  });

  it('learns: the error of the training slices falls', async () => {
    const folder = await prepared('pgan', {
      constantEpochs: 10,
      decayEpochs: 0,
      filmSlices: 0,
      watchedSlices: 0,
    });
    await train(folder);
    const errors = (logOf(folder) as { type: string; pixelHu: number }[])
      .filter(({ type }) => type === 'step')
      .map(({ pixelHu }) => pixelHu);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    expect(mean(errors.slice(-4))).toBeLessThan(0.6 * mean(errors.slice(0, 4)));
  });

  it('keeps a film of predictions without maps where nothing is reweighted', async () => {
    const folder = await prepared('pgan');
    await train(folder);
    const film = decodeSafetensors(readFileSync(join(folder, 'film', 'epoch-0001.safetensors')), 'film');
    expect([...film.tensors.keys()]).toEqual(['prediction']);
    expect(filesOf(folder).has('weights.safetensors')).toBe(false);
  });
});

describe('the methods', () => {
  const shallow = { features: 'random', contextual: { layers: ['relu1_2', 'relu2_2'] } };
  const lossesOf = (folder: string): string[] => {
    const steps = (logOf(folder) as { type: string }[]).filter(({ type }) => type === 'step');
    return Object.keys(steps.at(-1)!).filter((name) =>
      /perceptual|contextual|registration|smoothness/.test(name),
    );
  };

  it.each<readonly [TrainingMethod, readonly string[], boolean]>([
    ['pgan', ['perceptual'], false],
    ['reg-pgan', ['perceptual', 'smoothness', 'registrationHu'], false],
    ['ctx-pgan', ['contextual'], false],
    ['meta', ['contextual'], true],
  ])('%s trains, and logs its losses by name', async (method, losses, hasWeights) => {
    const folder = await prepared(method, shallow);
    expect(await train(folder)).toMatchObject({ status: 'finished', step: 8 });
    expect(lossesOf(folder).sort()).toEqual([...losses].sort());
    expect(filesOf(folder).has('weights.safetensors')).toBe(hasWeights);
    expect(logOf(folder)[0]).toMatchObject({
      message: expect.stringMatching(/untrained, with random weights/),
    });
  });

  it('without features say what they lack', async () => {
    const folder = await prepared('reg-pgan');
    await train(folder, stopAt(1));
    const notes = (logOf(folder) as { type: string; message?: string }[]).filter(
      ({ type }) => type === 'note',
    );
    expect(notes.map(({ message }) => message)).toEqual([
      'Without the perceptual loss that belongs to reg-pgan (features: none).',
      'The registration network has 4 levels instead of 6: the crop allows no more.',
    ]);
    expect(lossesOf(folder)).toEqual(['smoothness', 'registrationHu']);
  });

  it('learn slower after the warm-up where they are told to', async () => {
    const folder = await prepared('pgan', {
      ...shallow,
      warmupEpochs: 1,
      constantEpochs: 4,
      decayEpochs: 0,
      rateAfterWarmup: 0.25,
    });
    await train(folder, stopAt(9));
    const steps = (logOf(folder) as { type: string; epoch: number; learningRate: number }[]).filter(
      ({ type }) => type === 'step',
    );
    expect(new Set(steps.map(({ epoch, learningRate }) => [epoch > 0, learningRate].join(' ')))).toEqual(
      new Set(['false 0.001', 'true 0.00025']),
    );
  });

  it('leave their feature losses out of the warm-up where they are told to', async () => {
    const epochsWith = async (settings: object): Promise<unknown[]> => {
      const folder = await prepared('ctx-pgan', { ...shallow, warmupEpochs: 1, ...settings });
      expect(await train(folder)).toMatchObject({ status: 'finished' });
      const steps = (logOf(folder) as { type: string; epoch: number; contextual?: number }[]).filter(
        ({ type, contextual }) => type === 'step' && contextual !== undefined,
      );
      return [...new Set(steps.map(({ epoch }) => epoch))];
    };
    expect(await epochsWith({})).toHaveLength(2);
    expect(await epochsWith({ warmupParts: false })).toHaveLength(1);
  });

  it('train on well-registered pairs alone, or on them as well', async () => {
    const clean = await prepared('pgan', { trainOn: 'clean' });
    expect(await train(clean)).toMatchObject({ totalSteps: 4 }); // 4 slices instead of 8
    const record = await readRecord(join(clean, 'run.json'), runRecordSchema);
    expect(record.cases).toMatchObject({ train: [], meta: [{ caseId: 'case2' }] });
    const both = await prepared('meta', { cleanInTraining: true });
    expect(await train(both)).toMatchObject({ totalSteps: 12 });
    const film = decodeSafetensors(readFileSync(join(both, 'film', 'slices.safetensors')), 'film');
    expect(film.metadata['slices']).not.toContain('case2');
  });
});

describe('a resumed run', () => {
  let meta = '';
  let whole = '';
  beforeAll(async () => {
    meta = await prepared('meta', {
      innerStep: 'preconditioned',
      weightSmoothing: 3,
      weightMemory: 0.5,
    });
    whole = copyOf(meta);
    await train(whole);
  });

  it.each([1, 3, 4, 5, 7])(
    'equals the uninterrupted one bit for bit, stopped after step %i',
    async (step) => {
      const folder = copyOf(meta);
      expect(await train(folder, stopAt(step))).toMatchObject({ status: 'stopped', step, totalSteps: 8 });
      expect(await train(folder)).toMatchObject({ status: 'finished', step: 8 });
      expectSame(folder, whole);
    },
  );

  it('equals it also when stopped again and again', async () => {
    const folder = copyOf(meta);
    for (let step = 1; step < 8; step++) await train(folder, stopAt(step));
    await train(folder);
    expectSame(folder, whole);
  });

  it('does again what a killed run had done since its checkpoint', async () => {
    const folder = copyOf(meta);
    await train(folder, stopAt(4));
    const atEpoch = copyOf(folder);
    await train(folder, stopAt(7));
    // As if killed after step 7 with the checkpoint of step 4: the log runs ahead and ends in half a line.
    cpSync(join(atEpoch, 'checkpoint.safetensors'), join(folder, 'checkpoint.safetensors'));
    writeFileSync(join(folder, 'log.jsonl'), '{"type":"step","step":8,"ep', { flag: 'a' });
    await train(folder);
    expectSame(folder, whole);
  });

  it('begins anew where it was killed before its first checkpoint', async () => {
    const folder = copyOf(meta);
    await train(folder, stopAt(3));
    rmSync(join(folder, 'checkpoint.safetensors'));
    await train(folder);
    expectSame(folder, whole);
  });

  it('does nothing more once it has finished', async () => {
    const folder = copyOf(whole);
    expect(await train(folder)).toMatchObject({ status: 'finished', step: 8 });
    expectSame(folder, whole);
  });

  it('equals it for plain training on three neighbouring slices', async () => {
    const first = await prepared('pgan', { generator: { inputChannels: 3, ngf: 4, blocks: 2 } });
    const second = copyOf(first);
    await train(first);
    await train(second, stopAt(3));
    await train(second);
    expectSame(second, first);
  });
});

describe('a training that goes wrong', () => {
  it('ends with TRAINING_DIVERGED and keeps its last checkpoint', async () => {
    const folder = await prepared('pgan');
    await train(folder, stopAt(2));
    const before = readFileSync(join(folder, 'checkpoint.safetensors'));
    const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({ ...record, config: { ...record.config, learningRate: 1e38 } }),
    );
    await expect(train(folder)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED', details: { step: 3 } });
    expect(readFileSync(join(folder, 'checkpoint.safetensors')).equals(before)).toBe(true);
    expect(logOf(folder)).toHaveLength(3); // a note and two steps
  });

  it('never keeps values that are not finite, also where only the last update broke them', async () => {
    // The losses of a step are those before its update: an epoch of one step saves before any loss could tell.
    const folder = await prepared('meta', { slicesPerEpoch: 2 });
    const breaking: Executor = {
      ...executor,
      async compile(outputs, options) {
        const program = await executor.compile(outputs, options);
        return {
          async run(feeds) {
            const results = await program.run(feeds);
            const bias = 'generator.value.head.bias';
            return bias in results
              ? { ...results, [bias]: executor.upload(Float32Array.of(NaN), [1]) }
              : results;
          },
        };
      },
    };
    await expect(runTraining(folder, breaking, testContext())).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      details: { step: 1 },
    });
    expect([...filesOf(folder).keys()].some((name) => /checkpoint|epoch-0001/.test(name))).toBe(false);
  });

  it('ends with CHECKPOINT_CORRUPT where the checkpoint is damaged', async () => {
    const folder = await prepared('meta');
    await train(folder, stopAt(1));
    const path = join(folder, 'checkpoint.safetensors');
    const bytes = readFileSync(path);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 1000]! ^= 1;
    const other = await prepared('meta', { generator: { inputChannels: 1, ngf: 8, blocks: 1 } });
    await train(other, stopAt(1));
    const damages = [
      bytes.subarray(0, bytes.length - 4),
      bytes.subarray(0, 100),
      Buffer.alloc(0),
      Buffer.alloc(bytes.length),
      flipped,
      readFileSync(join(other, 'checkpoint.safetensors')),
    ];
    for (const damaged of damages) {
      writeFileSync(path, damaged);
      await expect(train(folder)).rejects.toMatchObject({ code: 'CHECKPOINT_CORRUPT', exitCode: 1 });
      expect(readFileSync(path).equals(damaged)).toBe(true);
    }
  });

  it('says so where there is no such run', async () => {
    const nowhere = join(root, 'nowhere');
    await expect(runTraining(nowhere, executor, testContext())).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
      exitCode: 2,
    });
  });
});

describe('memory', () => {
  it('is the same for a meta batch of 4 and of 32', async () => {
    const studies = [16, 16, 4].map((slices, at) => ({
      caseId: `case${at}`,
      role: at < 2 ? ('meta' as const) : ('train' as const),
      load: () => Promise.resolve(randomCase(at + 1, slices)),
    }));
    const peaks = [];
    for (const metaBatchSize of [4, 32]) {
      const folder = join(root, `run${count++}`);
      const config = tinyConfig('meta', { metaBatchSize, metaMicroBatch: 4, batchSize: 4, watchedSlices: 0 });
      await prepareRun(
        { folder, runId: 'tiny', config, studies, networks: [], cohortPath: '' },
        testContext(),
      );
      const counting = countingExecutor(createOnnxExecutor('cpu', { threads: 1 }));
      await runTraining(folder, counting, testContext());
      expect(counting.held).toBe(0);
      peaks.push([counting.peakValues, counting.largestRun]);
      await counting.dispose();
    }
    expect(peaks[1]).toEqual(peaks[0]);
  });
});
