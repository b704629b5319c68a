import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportResult } from '../../../../src-main/api/contract/jobs.ts';
import { phantomCohortJob } from '../../../../src-main/services/demo/phantomCohortJob.ts';
import { phantomStudyJob } from '../../../../src-main/services/demo/phantomStudyJob.ts';
import { importJob } from '../../../../src-main/services/importer/importJob.ts';
import { openWorkspace } from '../../../../src-main/services/workspace/openWorkspace.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-phantoms-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const grid = { sizePx: [64, 40], spacingMm: 6, slices: 4 };
const study = (seed?: number): Promise<ImportResult> =>
  phantomStudyJob(
    { workspace: root, ...grid, sliceSpacingMm: 20, seed },
    testContext(),
  ) as Promise<ImportResult>;

it('a phantom study is imported as a patient is; the next one is another patient', async () => {
  const first = await study();
  expect(first.outcomes).toHaveLength(8);
  expect(first.outcomes.every(({ outcome }) => outcome === 'loaded')).toBe(true);
  expect(first.cases).toMatchObject([{ isNew: true, volumes: ['mr', 'ct'] }]);
  await study(5);
  const workspace = await openWorkspace(root);
  expect((await workspace.listCases()).map(({ label }) => label).sort()).toEqual([
    'PHANTOM-001',
    'PHANTOM-002',
  ]);
  expect(readdirSync(join(root, 'phantom')).sort()).toEqual(['study', 'study-2']);
});

it('a phantom cohort comes with roles: most to train on, the best aligned for validation, two held out', async () => {
  await study();
  const result = (await phantomCohortJob(
    { workspace: root, cases: 6, ...grid },
    testContext(),
  )) as ImportResult;
  expect(result.cases).toHaveLength(6);
  const workspace = await openWorkspace(root);
  const { cases } = await workspace.readCohort();
  const count = (role: string): number => cases.filter((one) => one.role === role).length;
  expect({ train: count('train'), meta: count('meta'), test: count('test') }).toEqual({
    train: 4,
    meta: 1,
    test: 2,
  });
  expect(cases.every(({ mutualInformation }) => mutualInformation !== undefined)).toBe(true);
});

it('an import gives every file one outcome, with the reason in words', async () => {
  const first = await study();
  const again = (await importJob(
    { workspace: root, paths: [join(root, 'phantom', 'study', 'dicom'), join(root, 'nowhere')] },
    testContext(),
  )) as ImportResult;
  expect(again.cases.map(({ caseId, isNew }) => [caseId, isNew])).toEqual([[first.cases[0]!.caseId, false]]);
  const having = (outcome: string) => again.outcomes.filter((one) => one.outcome === outcome);
  expect(having('loaded')).toHaveLength(8);
  expect(having('failed')).toMatchObject([
    {
      reason: {
        code: 'file-failed',
        details: { error: 'FILE_NOT_FOUND' },
        subject: join(root, 'nowhere'),
        text: expect.stringContaining('There is no file or folder at'),
      },
    },
  ]);
  expect(again.outcomes.every(({ outcome, reason }) => outcome === 'loaded' || reason !== null)).toBe(true);
});

it('stopping while a phantom is drawn leaves no half of it', async () => {
  const stopped = testContext(
    (event) => event.type === 'progress' && event.step === 'phantom' && event.done === 1,
  );
  await expect(phantomCohortJob({ workspace: root, cases: 4, ...grid }, stopped)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(readdirSync(join(root, 'phantom'))).toEqual([]);
  expect(await (await openWorkspace(root)).listCases()).toEqual([]);
});
