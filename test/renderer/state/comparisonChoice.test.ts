// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type { ComparableRun } from '../../../src-main/api/contract/comparison.ts';
import { ComparisonChoice } from '../../../src-renderer/state/comparisonChoice.svelte.ts';
import { aRun, aTestCase } from '../fixtures/comparison.ts';

function choiceOf(runs: readonly ComparableRun[], tests = ['case-9']) {
  const remembered: (readonly string[])[] = [];
  const choice = new ComparisonChoice((one) => remembered.push(one));
  choice.runs = runs;
  choice.tests = tests.map(aTestCase);
  return { choice, remembered, names: () => choice.chosen.map(({ run }) => run) };
}

describe('what is to be compared', () => {
  test('is kept in the order of choosing; the first is the reference until another takes its place', () => {
    const { choice, names, remembered } = choiceOf([aRun('a'), aRun('b'), aRun('c')]);
    for (const run of ['b', 'a', 'c']) choice.toggle(run);
    expect(names()).toEqual(['b', 'a', 'c']);
    choice.makeFirst('c');
    expect(names()).toEqual(['c', 'b', 'a']);
    choice.toggle('c');
    expect(names()).toEqual(['b', 'a']);
    expect([choice.placeOf('b'), choice.placeOf('c')]).toEqual([0, -1]);
    expect(remembered.at(-1)).toEqual(['b', 'a']);
  });

  test('never holds a run that is gone or has nothing to compare', () => {
    const { choice, names } = choiceOf([aRun('a'), aRun('young', { hasGenerator: false })]);
    choice.choose(['gone', 'young', 'a']);
    expect(names()).toEqual(['a']);
  });

  test('needs a run and a test case', () => {
    const { choice } = choiceOf([aRun('a')], []);
    expect(choice.ready()).toMatch(/run/);
    choice.toggle('a');
    expect(choice.ready()).toMatch(/role test/);
    choice.tests = [aTestCase('case-9')];
    expect(choice.ready()).toBe(true);
  });
});

describe('what one should know before', () => {
  const warn = (runs: readonly ComparableRun[], tests?: string[]): readonly string[] => {
    const { choice } = choiceOf(runs, tests);
    choice.choose(runs.map(({ run }) => run));
    return choice.warnings;
  };

  test('is nothing for finished runs of the same cases that have not seen the test', () => {
    expect(warn([aRun('a'), aRun('b', { seen: { train: ['case-1'], meta: [] } })])).toEqual([]);
  });

  test('a run has seen test cases, in training or as meta', () => {
    const [first, ...others] = warn([aRun('a')], ['case-1', 'case-2', 'case-9']);
    expect(first).toMatch(/^a has seen 2 of the 3 cases .*\(case-1, case-2\)/);
    expect(others).toEqual([]);
  });

  test('a run was trained on other cases than the reference, in whatever order they stand', () => {
    const trainedOn = ['x', 'case-1'];
    expect(warn([aRun('a'), aRun('b', { trainedOn })])).toEqual([
      expect.stringMatching(/^b was trained on other cases than a/),
    ]);
    expect(warn([aRun('a', { trainedOn: trainedOn.toReversed() }), aRun('b', { trainedOn })])).toEqual([]);
  });

  test('a run is not finished', () => {
    expect(warn([aRun('a', { status: 'stopped', step: 10 })])).toEqual([
      expect.stringMatching(/step 10 of 72/),
    ]);
  });
});
