import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Preflight, RunRequest } from '../../../../src-main/api/contract/training.ts';
import { createDeviceList } from '../../../../src-main/services/devices/deviceList.ts';
import { createPreflight } from '../../../../src-main/services/training/preflight.ts';
import { runSize } from '../../../../src-main/workflows/train/runSize.ts';
import { makeTrainingConfig } from '../../../../src-main/workflows/train/trainingConfig.ts';
import { openTinyWorkspace, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeEach(async () => {
  tiny = await openTinyWorkspace();
});
afterEach(() => tiny.dispose());

const quick: RunRequest = { method: 'meta', preset: 'quick' };

function check(request: RunRequest = quick, freeMiB = 100_000, isUsable = false): Promise<Preflight> {
  const devices = createDeviceList(() =>
    Promise.resolve([{ device: 'webgpu', title: 'GPU', usable: isUsable, note: 'no adapter was found' }]),
  );
  return createPreflight({
    workspace: tiny.workspace,
    devices,
    defaultDevice: () => Promise.resolve('cpu'),
    freeMemoryMiB: () => freeMiB,
  })(request);
}
const textsOf = async (checked: Promise<Preflight>): Promise<string[]> =>
  (await checked).problems.map(({ text }) => text);

describe('preflight', () => {
  it('says what a run will be when nothing speaks against it', async () => {
    const { constantEpochs, decayEpochs, warmupEpochs, batchSize, warmupBatchSize } = makeTrainingConfig(
      'meta',
      'quick',
    );
    const main = constantEpochs + decayEpochs - warmupEpochs;
    const steps = warmupEpochs * Math.floor(8 / warmupBatchSize) + main * Math.floor(8 / batchSize);
    expect(await check()).toMatchObject({
      problems: [],
      device: 'cpu',
      trainSlices: 8,
      metaSlices: 4,
      freeMiB: 100_000,
      steps,
    });
  });

  it('names the feature network that is not installed, with the command that helps', async () => {
    vi.stubEnv('ILIUM_WEIGHTS', tiny.workspace.directory);
    const texts = await textsOf(
      check({ method: 'reg-pgan', preset: 'quick', differences: { features: 'vgg' } }),
    );
    vi.unstubAllEnvs();
    expect(texts).toEqual([expect.stringContaining('`ilium weights install vgg16`')]);
    expect(await textsOf(check({ ...quick, differences: { features: 'random' } }))).toEqual([]);
  });

  it('counts the slices that are trained on, whichever their role', async () => {
    const slices = async (differences: object) => {
      const { trainSlices, metaSlices } = await check({
        method: 'pgan',
        preset: 'quick',
        differences: { ...differences },
      });
      return [trainSlices, metaSlices];
    };
    expect(await slices({ trainOn: 'clean' })).toEqual([4, 4]);
    expect(await slices({ cleanInTraining: true })).toEqual([12, 4]);
  });

  it('counts no meta slices for a method that needs none', async () => {
    expect(await check({ method: 'pgan', preset: 'quick' })).toMatchObject({ problems: [], metaSlices: 0 });
  });

  it('says that nobody is there to train on, or to validate with', async () => {
    const cohort = await tiny.workspace.readCohort();
    const allAre = (role: 'test' | 'train') =>
      tiny.workspace.writeCohort({ ...cohort, cases: cohort.cases.map((one) => ({ ...one, role })) });
    await allAre('test');
    expect(await textsOf(check())).toEqual([
      expect.stringMatching(/^No case is for training/),
      expect.stringMatching(/^No case is for meta-validation: rank the cohort/),
    ]);
    await allAre('train');
    expect(await textsOf(check())).toEqual([expect.stringMatching(/^No case is for meta-validation/)]);
    expect(await textsOf(check({ method: 'pgan', preset: 'quick' }))).toEqual([]);
  });

  it('says which setting cannot be used', async () => {
    const texts = await textsOf(check({ ...quick, differences: { batchSize: 0 } }));
    expect(texts).toEqual([expect.stringMatching(/^The settings cannot be used: batchSize: /)]);
    expect(await textsOf(check({ ...quick, preset: 'huge' }))).toEqual([
      expect.stringContaining('there is no preset huge'),
    ]);
  });

  it('says how much memory is missing', async () => {
    const { neededMiB, problems } = await check(quick, 300);
    expect(neededMiB).toBeGreaterThan(300);
    expect(problems).toMatchObject([
      { code: 'preflight-memory', severity: 'error', details: { needed: neededMiB, free: 300 } },
    ]);
  });

  it('says why a device cannot be used, and asks for none that always can', async () => {
    expect(await textsOf(check({ ...quick, device: 'webgpu' }))).toEqual([
      'The device webgpu cannot be used: no adapter was found',
    ]);
    expect(await textsOf(check({ ...quick, device: 'webgpu' }, 100_000, true))).toEqual([]);
    expect(await textsOf(check({ ...quick, device: 'abacus' }))).toEqual([
      expect.stringContaining('no such device'),
    ]);
    expect(await textsOf(check({ ...quick, device: 'auto' }))).toEqual([]);
  });

  it('says what is wrong with the cohort', async () => {
    const cohort = await tiny.workspace.readCohort();
    await tiny.workspace.writeCohort({
      ...cohort,
      cases: [...cohort.cases, { caseId: 'gone', role: 'train' }],
    });
    expect(await textsOf(check())).toEqual([expect.stringContaining('the workspace has no case gone')]);
  });
});

describe('runSize', () => {
  const slices = { train: 192, meta: 48, largestCaseVoxels: 160 * 104 * 24 };
  const memory = (differences: object, method: 'meta' | 'pgan' = 'meta'): number =>
    runSize(makeTrainingConfig(method, 'quick', { batchSize: 4, ...differences }), slices).memoryMiB;
  const small = { metaMicroBatch: 4, warmupEpochs: 1, warmupBatchSize: 1 };

  it('meets what whole runs of the quick preset took, within a twentieth', () => {
    expect(memory(small) / 978).toBeCloseTo(1, 1);
    const wide = { generator: { inputChannels: 1, ngf: 32, blocks: 3 } };
    expect(memory({ ...small, ...wide }) / 1640).toBeCloseTo(1, 1);
    expect(memory({ ...small, batchSize: 8 }) / 1443).toBeCloseTo(1, 1);
    expect(memory(small, 'pgan') / 529).toBeCloseTo(1, 1);
  });

  it('grows with batch, crop and network, and not with the cohort', () => {
    expect(memory({ ...small, batchSize: 8 })).toBeGreaterThan(memory(small));
    expect(memory({ ...small, cropPx: [320, 192] })).toBeGreaterThan(2 * memory(small));
    const many = { ...slices, train: 100_000 };
    const config = makeTrainingConfig('meta', 'quick', { batchSize: 4, ...small });
    expect(runSize(config, many).memoryMiB).toBe(memory(small));
    expect(runSize(config, many).diskMiB).toBeGreaterThan(10 * runSize(config, slices).diskMiB);
  });
});
