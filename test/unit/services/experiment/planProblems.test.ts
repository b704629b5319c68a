import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describePlan } from '../../../../src-main/services/experiment/describePlan.ts';
import { runExperiment } from '../../../../src-main/services/experiment/runExperiment.ts';
import {
  phantomCohortSchema,
  type Experiment,
} from '../../../../src-main/workflows/experiment/experimentFile.ts';

const phantom = phantomCohortSchema.parse({
  ...{ cases: 4, testCases: 1, misalignMm: 2, sizePx: [48, 32], spacingMm: 8, slices: 3, sliceSpacingMm: 20 },
});
const methods = [
  { label: 'pGAN', method: 'pgan', config: {} },
  { label: 'CTX', method: 'ctx-pgan', config: {} },
];
const experiment = (cohort: Experiment['cohort'], features: 'vgg' | 'random'): Experiment => ({
  ...{ title: 'Trial', cohort, preset: 'quick', base: { features }, methods, seeds: [1, 2] },
});

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-plan-'));
  vi.stubEnv('ILIUM_WEIGHTS', join(root, 'weights'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const request = (wanted: Experiment) => ({
  ...{ experiment: wanted, workspaceDirectory: join(root, 'workspace'), out: join(root, 'out') },
  ...{ device: 'cpu', pdf: false },
});
const signal = new AbortController().signal;
const codesOf = async (wanted: Experiment): Promise<string[]> =>
  (await describePlan(request(wanted), signal)).problems.map(({ code }) => code);

describe('an experiment that cannot be run', () => {
  it('is told with all that it lacks by its plan, which leaves nothing behind', async () => {
    expect(await codesOf(experiment('workspace', 'random'))).toEqual(['COHORT_EMPTY', 'COMPARE_NO_CASES']);
    // The perceptual loss of pGAN looks through one network, the contextual loss through another.
    const networks = ['WEIGHTS_NOT_INSTALLED', 'WEIGHTS_NOT_INSTALLED'];
    expect(await codesOf(experiment('workspace', 'vgg'))).toEqual([
      ...['COHORT_EMPTY', 'COMPARE_NO_CASES', ...networks],
    ]);
    expect(await codesOf(experiment({ phantom }, 'vgg'))).toEqual(networks);
    expect(await codesOf(experiment({ phantom }, 'random'))).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  it('is refused before its phantoms are drawn', async () => {
    const run = runExperiment(request(experiment({ phantom }, 'vgg')), { signal, onEvent: () => undefined });
    await expect(run).rejects.toMatchObject({ code: 'WEIGHTS_NOT_INSTALLED' });
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('is told where the CT of its phantoms is not there', async () => {
    const scan = { ct: join(root, 'absent.nii'), labels: root };
    const plan = describePlan(request(experiment({ phantom: { ...phantom, scan } }, 'random')), signal);
    await expect(plan).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
