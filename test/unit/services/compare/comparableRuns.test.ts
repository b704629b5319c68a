import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComparableRun } from '../../../../src-main/api/contract/comparison.ts';
import { comparableRuns } from '../../../../src-main/services/compare/comparableRuns.ts';
import { createRunLibrary } from '../../../../src-main/services/training/runLibrary.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'run', 'pgan', 1);
});
afterAll(() => tiny.dispose());

const read = async (): Promise<ComparableRun[]> =>
  comparableRuns(tiny.workspace, createRunLibrary(tiny.workspace));

it('says of a run what it has seen and how its features are computed, and leaves out what cannot be read', async () => {
  mkdirSync(join(tiny.workspace.runsDirectory, 'broken'));
  const runs = await read();
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    run: 'run',
    method: 'pgan',
    status: 'stopped',
    hasGenerator: true,
    seen: { train: ['case0', 'case1'], meta: [] },
    trainedOn: ['case0', 'case1'],
  });
  expect(typeof runs[0]!.seed).toBe('number');
  expect(['none', 'random', 'vgg']).toContain(runs[0]!.features);
});

it('tells a run that has nothing to compare yet', async () => {
  rmSync(join(tiny.workspace.runsDirectory, 'run', 'checkpoint.safetensors'));
  expect((await read())[0]).toMatchObject({ hasGenerator: false, step: 0 });
});
