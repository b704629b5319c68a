import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { comparedPaths } from '../../../../src-main/services/compare/comparedFiles.ts';
import { compareEvaluateJob } from '../../../../src-main/services/compare/compareEvaluateJob.ts';
import { installRandomWeights } from '../../../fixtures/installRandomWeights.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeEach(async () => {
  tiny = await openTinyWorkspace();
  vi.stubEnv('ILIUM_WEIGHTS', tiny.workspace.directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  tiny.dispose();
});

describe('figures that are kept', () => {
  it('are computed anew when LPIPS looks through other weights, and say that these are not the published ones', async () => {
    const { directory } = tiny.workspace;
    const { sct, evaluation } = comparedPaths(await trainTinyRun(tiny, 'run', 'pgan', 1), 'case0');
    mkdirSync(dirname(sct), { recursive: true });
    writeFileSync(sct, writeNifti(await tiny.workspace.readVolume('case0', 'ct')));
    const evaluate = () =>
      compareEvaluateJob(
        { workspace: directory, cases: [{ caseId: 'case0', runs: ['run'] }] },
        testContext(),
      );
    const kept = (): object => JSON.parse(readFileSync(evaluation, 'utf8')) as object;

    expect(await evaluate()).toMatchObject({ evaluated: 1, failures: [] });
    expect(await evaluate()).toMatchObject({ evaluated: 0, reused: 1 });
    await installRandomWeights(directory, 'lpips');
    await installRandomWeights(directory, 'alexnet');
    expect(await evaluate()).toMatchObject({ evaluated: 1, failures: [] });
    expect(kept()).toMatchObject({ report: { lpips: [{ backbone: 'alex', published: false }] } });
    expect(await evaluate()).toMatchObject({ evaluated: 0, reused: 1 });
    await installRandomWeights(directory, 'alexnet', 2);
    expect(await evaluate()).toMatchObject({ evaluated: 1, reused: 0 });
  });
});
