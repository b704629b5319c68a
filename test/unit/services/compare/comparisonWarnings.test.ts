import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparisonWarnings } from '../../../../src-main/services/compare/comparisonWarnings.ts';
import { requireScores } from '../../../../src-main/services/compare/requireScores.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  await trainTinyRun(tiny, 'young', 'pgan', 1);
});
afterAll(() => tiny.dispose());

describe('comparisonWarnings', () => {
  it('says in sentences that a run is unfinished and has seen a case it is compared on', async () => {
    const methods = [{ label: 'pgan', runs: ['young'] }];
    const found = await comparisonWarnings(tiny.workspace, methods, [{ run: 'young', cases: ['case0'] }]);
    expect(found.map(({ code, text }) => [code, text])).toEqual([
      ['compare-case-seen', expect.stringMatching(/^young has seen a case .*\(case0\)/)],
      ['compare-unfinished', expect.stringMatching(/^young is not finished \(step 1 of 8\)/)],
    ]);
  });
});

describe('requireScores', () => {
  const failure = { run: 'r', caseId: 'c', message: 'The model is damaged.' };

  it('throws with the first failure when nothing was computed', () => {
    expect(() => requireScores({ scores: [], failures: [failure, { ...failure, run: 's' }] })).toThrow(
      expect.objectContaining({
        code: 'COMPARE_FAILED',
        message: 'Nothing could be compared. r, c: The model is damaged.',
      }),
    );
  });

  it('lets a comparison pass that has one figure', () => {
    expect(() =>
      requireScores({ scores: [{ run: 'r', caseId: 'd', values: {} }], failures: [failure] }),
    ).not.toThrow();
  });
});
