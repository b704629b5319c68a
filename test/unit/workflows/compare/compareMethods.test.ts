import { describe, expect, it } from 'vitest';
import type { CaseScores } from '../../../../src-main/workflows/compare/comparison.ts';
import { comparisonCsv } from '../../../../src-main/workflows/compare/comparisonCsv.ts';
import { compareMethods } from '../../../../src-main/workflows/compare/compareMethods.ts';
import { choosePictureCases } from '../../../../src-main/workflows/compare/choosePictureCases.ts';
import {
  describeDifferences,
  describeNumber,
  describeTrainings,
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

  it('has no figure of a case that one of the seeds has none of, as the others would hide the failure', () => {
    const surface = (value: number | null): Record<string, number | null> => ({ 'surface-mean-250': value });
    const { metrics } = compareMethods(
      [{ label: 'A', runs: ['a1', 'a2'] }],
      [
        ...scores('a1', { x: surface(1), y: surface(2), z: surface(null) }),
        ...scores('a2', { x: surface(3), y: surface(null), z: surface(null) }),
      ],
    );
    expect(metrics[0]?.methods[0]).toMatchObject({ n: 1, mean: 2, byCase: { x: 2 }, incomplete: ['y'] });
  });

  it('takes a case of the runs that evaluated it, as folds test different ones', () => {
    const [method] = compareMethods(
      [{ label: 'A', runs: ['a1', 'a2'] }],
      [...scores('a1', { x: { mae: 1 } }), ...scores('a2', { y: { mae: 3 } })],
    ).metrics[0]!.methods;
    expect(method).toMatchObject({ byCase: { x: 1, y: 3 }, incomplete: [] });
    expect(method?.trainings).toEqual({ perCase: 1, cases: 0, sd: null });
  });

  it('says how far the mean moves from one training to another, over the cases all have', () => {
    const [method] = compareMethods(
      [{ label: 'A', runs: ['a1', 'a2', 'none'] }],
      [
        ...scores('a1', { x: { mae: 10 }, y: { mae: 20 }, z: { mae: 500 } }),
        ...scores('a2', { x: { mae: 14 }, y: { mae: 24 } }),
      ],
    ).metrics[0]!.methods;
    expect(method?.trainings).toEqual({ perCase: 2, cases: 2, sd: Math.sqrt(8) });
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

  it('count the smallest p of the surest method after correction', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((run) => ({ label: run.toUpperCase(), runs: [run] }));
    const ofSix = (cases: number): string =>
      describeNumber(
        compareMethods(
          six,
          six.flatMap(({ runs: [run] }) =>
            twoRuns(cases)
              .slice(0, cases)
              .map((one) => ({ ...one, run: run! })),
          ),
        ),
      );
    // 5 · 2 / 2⁷ = 0.078, where two methods alone can reach 0.016.
    expect(ofSix(7)).toContain('cannot fall below 0.078 here after Holm’s correction over 5 methods');
    expect(describeNumber(compareMethods(two, twoRuns(7)))).toContain('7 test cases: few');
    expect(ofSix(8)).toContain('8 test cases: few');
  });

  it('take the direction from the ranks that p speaks of, and say when the mean is of another mind', () => {
    const lower = Array.from({ length: 13 }, (_, at) => -1 - at / 13);
    const b = [...lower, 100].map((difference, at) => [`c${at}`, { mae: 50 + difference }] as const);
    const outlier = compareMethods(two, [
      ...scores('a', Object.fromEntries(b.map(([caseId]) => [caseId, { mae: 50 }]))),
      ...scores('b', Object.fromEntries(b)),
    ]);
    const [text] = describeDifferences(outlier);
    expect(text).toMatch(
      /: better by the ranks of the cases, worse on average: B \+5\.\d \(.*better in 13 of 14 cases\)/,
    );
    expect(text).not.toContain(': worse B');
  });

  it('say of how many cases a figure is where some have none', () => {
    const lost = twoRuns(9).filter(({ run, caseId }) => run !== 'b' || caseId !== 'c9');
    const [text] = describeDifferences(compareMethods(two, lost));
    expect(text).toMatch(/^MAE \(A 50\.0 HU\): better B −4\.5 \(.*p 0\.008, in 8 of 9 cases\)\.$/);
    const reference = twoRuns(9).filter(({ run, caseId }) => run !== 'a' || caseId !== 'c9');
    expect(describeDifferences(compareMethods(two, reference))[0]).toContain('(A 50.0 HU in 8 of 9 cases)');
  });

  it('say that nothing is known of other seeds, or how many there were', () => {
    expect(describeTrainings(compareMethods(two, twoRuns(8)))).toContain('say nothing of another seed');
    const seeds = [...twoRuns(8), ...twoRuns(8).map((one) => ({ ...one, run: `${one.run}2` }))];
    const both = two.map(({ label, runs }) => ({ label, runs: [...runs, `${runs[0]}2`] }));
    expect(describeTrainings(compareMethods(both, seeds))).toContain('(2 of each method)');
    expect(describeTrainings(compareMethods([both[0]!, two[1]!], seeds))).toMatch(
      /\(A 2, B 1\).*with one training nothing is known/,
    );
    expect(describeTrainings(compareMethods(two, twoRuns(1)))).toBe('');
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
    const named = [{ label: 'A, the "first"', runs: ['a'] }];
    const csv = comparisonCsv(
      { methods: named, unpublished: [] },
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
