import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rankCohort } from '../../../../src-main/services/cohort/rankCohort.ts';
import { openPairWorkspace, type PairWorkspace } from '../../../fixtures/pairWorkspace.ts';

let pair: PairWorkspace;
beforeEach(async () => {
  pair = await openPairWorkspace([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
});
afterEach(() => pair.dispose());

it('what came into the cohort or was decided by a person while it was measured stays', async () => {
  const { workspace } = pair;
  await workspace.writeCohort({ schemaVersion: 1, cases: [{ caseId: 'pair', role: 'train' }] });
  const cases = [
    { caseId: 'pair', role: 'excluded', reason: 'metal' },
    { caseId: 'mr-only', role: 'excluded', reason: 'no pair of MR and CT' },
  ];
  let isChanged = false;
  await rankCohort(workspace, {
    top: 0.5,
    signal: new AbortController().signal,
    onProgress: () => {
      if (!isChanged) writeFileSync(workspace.cohortPath, JSON.stringify({ schemaVersion: 1, cases }));
      isChanged = true;
    },
  });
  expect(isChanged).toBe(true);
  expect((await workspace.readCohort()).cases).toEqual(cases);
});
