import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCohortDesk } from '../../../../src-main/services/cohort/cohortDesk.ts';
import { rankJob } from '../../../../src-main/services/cohort/rankJob.ts';
import { smallMr, storeSmallCase } from '../../../fixtures/apiWorld.ts';
import { testContext } from '../../../fixtures/tinyTraining.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await storeSmallCase(tiny.workspace, 'mr-only', { mr: smallMr() });
});
afterAll(() => tiny.dispose());

describe('the cohort of the Train desk', () => {
  it('shows every case, also one that has no entry yet', async () => {
    const { cases } = await createCohortDesk(tiny.workspace).view();
    expect(cases).toMatchObject([
      { caseId: 'case0', label: 'label of case0', role: 'train', spacingMm: [1, 1, 2.5], slices: 4 },
      { caseId: 'case1', role: 'train', mutualInformation: null, trustedShare: null, reason: null },
      { caseId: 'case2', role: 'meta' },
      { caseId: 'mr-only', role: 'excluded' },
    ]);
  });

  it('keeps what was measured when a role changes, and writes the file whole', async () => {
    expect(await rankJob({ workspace: tiny.workspace.directory, top: 0.3 }, testContext())).toMatchObject({
      cases: 3,
      meta: 1,
    });
    const desk = createCohortDesk(tiny.workspace);
    const before = (await desk.view()).cases;
    const { cases } = await desk.edit([
      { caseId: 'case1', role: 'excluded', reason: 'hip implant' },
      { caseId: 'mr-only', role: 'excluded', reason: 'no CT' },
    ]);
    expect(cases[1]).toMatchObject({
      role: 'excluded',
      reason: 'hip implant',
      mutualInformation: before[1]!.mutualInformation,
    });
    expect(cases[1]!.mutualInformation).toBeGreaterThan(0);
    const file = JSON.parse(readFileSync(tiny.workspace.cohortPath, 'utf8'));
    expect(file.cases).toHaveLength(4);
    expect((await desk.edit([{ caseId: 'case1', role: 'train' }])).cases[1]).toMatchObject({
      role: 'train',
      reason: null,
    });
  });

  it('changes nothing when one of several edits cannot be', async () => {
    const desk = createCohortDesk(tiny.workspace);
    const before = readFileSync(tiny.workspace.cohortPath, 'utf8');
    const good = { caseId: 'case0', role: 'test' } as const;
    await expect(desk.edit([good, { caseId: 'nobody', role: 'train' }])).rejects.toMatchObject({
      code: 'CASE_NOT_FOUND',
    });
    await expect(desk.edit([good, { caseId: 'mr-only', role: 'meta' }])).rejects.toThrow(
      /mr-only has no CT, so it cannot be for meta/,
    );
    expect(readFileSync(tiny.workspace.cohortPath, 'utf8')).toBe(before);
  });

  it('shows a case whose MR is damaged, so that it can be excluded', async () => {
    const path = tiny.workspace.volumePath('mr-only', 'mr');
    writeFileSync(path, 'no NIfTI');
    const { cases } = await createCohortDesk(tiny.workspace).view();
    expect(cases[3]).toMatchObject({ caseId: 'mr-only', spacingMm: null, slices: null });
  });

  it('tells how much of a case the newest finished run trusted', async () => {
    const folder = await trainTinyRun(tiny, 'run');
    const desk = createCohortDesk(tiny.workspace);
    const shares = (await desk.view()).cases.map(({ trustedShare }) => trustedShare);
    const trained = shares.filter((share) => share !== null);
    expect(trained.length).toBeGreaterThan(0);
    for (const share of trained) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    }
    // Validation cases have no weights of their own.
    expect(shares[2]).toBeNull();
    rmSync(join(folder, 'cache'), { recursive: true });
    const without = (await createCohortDesk(tiny.workspace).view()).cases;
    expect(without.every(({ trustedShare }) => trustedShare === null)).toBe(true);
  });
});
