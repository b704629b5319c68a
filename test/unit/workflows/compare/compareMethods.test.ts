import { describe, expect, it } from 'vitest';
import type { CaseScores } from '../../../../src-main/workflows/compare/comparison.ts';
import { comparisonCsv } from '../../../../src-main/workflows/compare/comparisonCsv.ts';
import { compareMethods } from '../../../../src-main/workflows/compare/compareMethods.ts';
import { choosePictureCases } from '../../../../src-main/workflows/compare/choosePictureCases.ts';
import {
  describeDifferences,
  describeNumber,
} from '../../../../src-main/workflows/compare/describeComparison.ts';

const scores = (run: string, values: Record<string, Record<string, number | null>>): CaseScores[] =>
  Object.entries(values).map(([caseId, own]) => ({ run, caseId, values: own }));

/** `cases` cases of two runs whose MAE differs by 1, 2, 3 … HU. */
function twoRuns(cases: number): CaseScores[] {
  const ids = Array.from({ length: cases }, (_, at) => `c${at + 1}`);
  const of = (run: string, factor: number): CaseScores[] =>
    ids.map((caseId, at) => ({ run, caseId, values: { mae: 50 + factor * (at + 1) } }));
  return [...of('a', 0), ...of('b', -1)];
}
const two = [
  { label: 'A', runs: ['a'] },
  { label: 'B', runs: ['b'] },
];

describe('compareMethods', () => {
  it('averages the seeds of a method case by case before anything else', () => {
    const { metrics } = compareMethods(
      [
        { label: 'A', runs: ['a'] },
        { label: 'B', runs: ['b1', 'b2'] },
      ],
      [
        ...scores('a', { x: { mae: 10 }, y: { mae: 20 } }),
        ...scores('b1', { x: { mae: 8 }, y: { mae: 30 } }),
        ...scores('b2', { x: { mae: 6 }, y: { mae: 10 } }),
      ],
    );
    const [mae] = metrics;
    expect(mae?.methods[1]).toMatchObject({ n: 2, mean: 13.5, byCase: { x: 7, y: 20 } });
    expect(mae?.differences[0]).toMatchObject({ label: 'B', cases: 2, mean: -1.5 });
  });

  it('pairs only the cases that both have and leaves out metrics that nobody has', () => {
    const { metrics } = compareMethods(two, [
      ...scores('a', { x: { mae: 10, psnr: null }, y: { mae: 20 } }),
      ...scores('b', { y: { mae: 21 }, z: { mae: 99 } }),
    ]);
    expect(metrics.map(({ metricId }) => metricId)).toEqual(['mae']);
    expect(metrics[0]?.differences[0]).toMatchObject({ cases: 1, mean: 1, interval: null });
  });

  it('compares errors whose best is 0 by how far they are from it', () => {
    const { metrics } = compareMethods(two, [
      ...scores('a', { x: { me: -9 }, y: { me: 5 } }),
      ...scores('b', { x: { me: 2 }, y: { me: -1 } }),
    ]);
    expect(metrics[0]?.differences[0]?.mean).toBe(-5.5);
    expect(metrics[0]?.methods[0]?.mean).toBe(-2);
  });

  it('corrects over the methods of a metric', () => {
    const three = [...two, { label: 'C', runs: ['c'] }];
    const more = twoRuns(6).flatMap((one) => (one.run === 'b' ? [one, { ...one, run: 'c' }] : [one]));
    const differences = compareMethods(three, more).metrics[0]?.differences ?? [];
    expect(differences.map(({ test }) => test?.p)).toEqual([0.03125, 0.03125]);
    expect(differences.map(({ correctedP }) => correctedP)).toEqual([0.0625, 0.0625]);
  });
});

describe('the words', () => {
  it('say how little few cases can show', () => {
    expect(describeNumber(compareMethods(two, twoRuns(1)))).toContain('no test is possible');
    expect(describeNumber(compareMethods(two, twoRuns(4)))).toContain('cannot fall below 0.125');
    expect(describeNumber(compareMethods(two, twoRuns(10)))).toContain('10 test cases: few');
    expect(describeNumber(compareMethods(two.slice(0, 1), twoRuns(10)))).toContain('compared with nothing');
  });

  it('say which run is better, by how much, and whether the test agrees', () => {
    const [many] = describeDifferences(compareMethods(two, twoRuns(8)));
    expect(many).toMatch(/^MAE \(A 50\.0 HU\): better B −4\.5 \(−6\.\d to −[23]\.\d, p 0\.008\)\.$/);
    expect(describeDifferences(compareMethods(two, twoRuns(3)))[0]).toContain('which may be chance');
    // One case alone has no test, and no p.
    expect(describeDifferences(compareMethods(two, twoRuns(1)))[0]).toBe(
      'MAE (A 50.0 HU): in the one case B −1.0.',
    );
  });

  it('say when two runs are equal', () => {
    const equal = ['a', 'b'].flatMap((run) => scores(run, { x: { mae: 1 }, y: { mae: 2 } }));
    expect(describeDifferences(compareMethods(two, equal))[0]).toContain('equal in every case');
  });
});

describe('choosePictureCases', () => {
  it('takes one in the middle and the worst, by bone where there is bone', () => {
    const all = ['a', 'b'].flatMap((run) =>
      scores(run, {
        x: { 'dice-250': 0.9, mae: 99 },
        y: { 'dice-250': 0.2, mae: 1 },
        z: { 'dice-250': 0.5, mae: 50 },
      }),
    );
    expect(choosePictureCases(compareMethods(two, all)).map(({ caseId }) => caseId)).toEqual(['z', 'y']);
  });

  it('shows a single case once', () => {
    expect(choosePictureCases(compareMethods(two, twoRuns(1)))).toHaveLength(1);
    expect(choosePictureCases(compareMethods(two, []))).toEqual([]);
  });
});

describe('comparisonCsv', () => {
  it('has a row for each run, case and metric, and quotes what needs it', () => {
    const csv = comparisonCsv(
      [{ label: 'A, the "first"', runs: ['a'] }],
      scores('a', { x: { mae: 1.5, psnr: null } }),
    );
    expect(csv.split('\r\n')).toEqual([
      'method,run,case,metric,name,where,unit,value',
      '"A, the ""first""",a,x,psnr,PSNR,,dB,',
      '"A, the ""first""",a,x,mae,MAE,,HU,1.5',
      '',
    ]);
  });
});
