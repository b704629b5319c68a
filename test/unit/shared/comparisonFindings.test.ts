import { describe, expect, it } from 'vitest';
import { comparisonFindings, type EvaluatedRun } from '../../../src-main/shared/comparisonFindings.ts';

function aRun(run: string, differences: Partial<EvaluatedRun> = {}): EvaluatedRun {
  return {
    ...{ run, status: 'finished', step: 9, totalSteps: 9, trainedOn: ['a', 'b'], evaluatedOn: ['t'] },
    seen: { train: ['a', 'b'], meta: ['m'] },
    ...differences,
  };
}
const told = (...methods: EvaluatedRun[][]) =>
  comparisonFindings(methods).map(({ code, subject, details }) => ({ code, subject, details }));

describe('comparisonFindings', () => {
  it('has nothing to say of finished runs of the same cases that have not seen the test', () => {
    expect(told([aRun('x')], [aRun('y', { trainedOn: ['b', 'a'] })])).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('names the cases a run has seen, to train on or to judge weights by', () => {
    expect(told([aRun('x', { evaluatedOn: ['m', 't', 'a'] })])).toEqual([
      { code: 'compare-case-seen', subject: 'x', details: { run: 'x', count: 2, all: 3, cases: 'm, a' } },
    ]);
  });

  it('names a run whose losses saw other cases, though the same were prepared', () => {
    expect(told([aRun('x')], [aRun('y', { trainedOn: ['a', 'b', 'm'] })])).toEqual([
      { code: 'compare-other-data', subject: 'y', details: { run: 'y', first: 'x' } },
    ]);
  });

  it('compares a fold with its counterpart of the first method', () => {
    const folds = (method: string) => [aRun(`${method}1`), aRun(`${method}2`, { trainedOn: ['b', 't'] })];
    expect(told(folds('x'), folds('y'))).toEqual([]);
  });

  it('names a run that is not finished, but leaves a broken one to fail by itself', () => {
    const unfinished = aRun('x', { status: 'running', step: 3 });
    expect(told([unfinished, aRun('z', { status: 'broken', step: 0, totalSteps: 0 })])).toEqual([
      { code: 'compare-unfinished', subject: 'x', details: { run: 'x', step: 3, total: 9 } },
    ]);
  });
});
