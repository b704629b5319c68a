import { describe, expect, it } from 'vitest';
import type { CaseScores, ComparedMethod } from '../../../../../src-main/workflows/compare/comparison.ts';
import { compareMethods } from '../../../../../src-main/workflows/compare/compareMethods.ts';
import { comparisonCsv } from '../../../../../src-main/workflows/compare/comparisonCsv.ts';
import { describeDifferences } from '../../../../../src-main/workflows/compare/describeComparison.ts';
import { metrics, metricTitle } from '../../../../../src-main/workflows/compare/metricTable.ts';
import { differenceTable } from '../../../../../src-main/workflows/compare/report/differenceTable.ts';
import { caseTables, meanTable } from '../../../../../src-main/workflows/compare/report/resultTables.ts';
import { trainingTable } from '../../../../../src-main/workflows/compare/report/trainingTable.ts';

const methods: ComparedMethod[] = ['a', 'b', 'c'].map((run) => ({ label: run.toUpperCase(), runs: [run] }));
const cases = 14;

/** `of`: metric values of the case by its place, from 0. */
function scores(run: string, of: (at: number) => Record<string, number | null>): CaseScores[] {
  return Array.from({ length: cases }, (_, at) => ({ run, caseId: `case-${at}`, values: of(at) }));
}

/** The cells of a table's only row of figures, as they are read. */
function cells(html: string, row = 0): string[] {
  const body = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1]?.split('</tr>')[row] ?? '';
  return [...body.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) =>
    cell.replaceAll('<small>', ' | ').replaceAll('</small>', '').replaceAll('&#60;', '<'),
  );
}

describe('meanTable', () => {
  const distances = (run: string, mm: number, lost: readonly number[] = []): CaseScores[] =>
    scores(run, (at) => ({ 'surface-mean-250': lost.includes(at) ? null : mm + at / 10 }));

  it('marks the best mean where all methods have the same cases', () => {
    const all = [...distances('a', 3), ...distances('b', 2), ...distances('c', 4)];
    const html = meanTable(compareMethods(methods, all), []);
    expect(html).toContain('<td class="number best">2.65');
  });

  it('marks none where a method lacks the cases whose bone it lost', () => {
    const all = [...distances('a', 3), ...distances('b', 2, [12, 13]), ...distances('c', 4)];
    const html = meanTable(compareMethods(methods, all), []);
    expect(html).not.toContain('best"');
    expect(cells(html)[2]).toContain('| 12 of 14 cases');
  });

  it('marks none where methods have as many cases, but others', () => {
    const all = [...distances('a', 3, [0]), ...distances('b', 2, [1]), ...distances('c', 4, [2])];
    expect(meanTable(compareMethods(methods, all), [])).not.toContain('best"');
  });

  it('says of cases that some runs have no value of', () => {
    const seeds = [{ label: 'A', runs: ['a', 'b'] }];
    const html = meanTable(compareMethods(seeds, [...distances('a', 3), ...distances('b', 3, [5])]), []);
    expect(cells(html)[1]).toMatch(/\| 13 of 14 cases \| 1 with no value in some runs$/);
  });

  it('says what a measure that is not installed would be taken over', () => {
    const html = meanTable(compareMethods(methods, distances('a', 3)), ['LPIPS v0.1 (VGG-16)']);
    expect(cells(html, 1)).toEqual([
      'LPIPS v0.1 (VGG-16) | axial slices, −1024 to 3000 HU; lower is better',
      ...methods.map(() => 'not installed'),
    ]);
  });
});

describe('LPIPS through weights that are not the published ones', () => {
  const all = methods.flatMap(({ runs: [run = ''] }, shift) =>
    scores(run, (at) => ({ mae: at, 'lpips-alex': 0.1 * shift + 0.01 * at })),
  );
  const told = 'axial slices, −1024 to 3000 HU; weights not the published ones';

  it('is named so in every table, sentence and row', () => {
    const comparison = compareMethods(methods, all, ['lpips-alex']);
    const tables = [
      meanTable(comparison, []),
      differenceTable(comparison),
      caseTables(comparison),
      ...describeDifferences(comparison).slice(-1),
      comparisonCsv(comparison, all),
    ];
    for (const text of tables) expect(text).toContain(told);
    expect(cells(meanTable(comparison, []))[0]).not.toContain('published');
  });

  it('is not, where they are', () => {
    const comparison = compareMethods(methods, all);
    expect(meanTable(comparison, []) + comparisonCsv(comparison, all)).not.toContain('published');
  });
});

describe('the names of measures', () => {
  it('say the range of HU that a tissue is', () => {
    const titles = metrics.map(metricTitle);
    expect(titles).toContain('MAE, air < −200 HU (HU)');
    expect(titles).toContain('MAE, soft tissue −200 to 150 HU (HU)');
    expect(titles).toContain('Mean error, bone > 150 HU (HU)');
  });
});

describe('differenceTable', () => {
  const reference = scores('a', () => ({ mae: 50 }));
  const html = (b: (at: number) => number, c: (at: number) => number): string =>
    differenceTable(
      compareMethods(methods, [
        ...reference,
        ...scores('b', (at) => ({ mae: 50 + b(at) })),
        ...scores('c', (at) => ({ mae: 50 + c(at) })),
      ]),
    );

  it('says better and worse in words before the number, and in two lines', () => {
    const [, better, worse] = cells(
      html(
        (at) => -1 - at / 10,
        (at) => 1 + at / 10,
      ),
    );
    expect(better).toBe('better −1.7 | −1.9…−1.4, p < 0.001');
    expect(worse).toBe('worse +1.7 | +1.4…+1.9, p < 0.001');
  });

  it('says nothing where it may be chance, and mixed where one case turns the mean', () => {
    const [, chance, mixed] = cells(
      html(
        (at) => (at % 2 === 0 ? 1 : -1.1),
        (at) => (at === 0 ? 100 : -1 - at / 10),
      ),
    );
    expect(chance).toMatch(/^0\.0 \| |^[+−]0\.1 \| /);
    expect(mixed).toMatch(/^mixed \+\d\.\d \| .* \| better in 13 of 14$/);
  });

  it('never shows a sign before nothing', () => {
    expect(
      html(
        (at) => 0.001 * at,
        (at) => -0.001 * at,
      ),
    ).not.toMatch(/[+−]0\.0+(?!\d)/);
  });
});

describe('trainingTable', () => {
  const seeds: ComparedMethod[] = [
    { label: 'A', runs: ['a1', 'a2', 'a3'] },
    { label: 'B', runs: ['b1'] },
  ];
  const runs = ['a1', 'a2', 'a3', 'b1'].flatMap((run, at) => scores(run, (of) => ({ mae: 40 + at + of })));

  it('shows the deviation between the runs of a method and how many there are', () => {
    const html = trainingTable(compareMethods(seeds, runs));
    expect(cells(html)).toEqual(['MAE (HU)', '1.00', '–']);
    expect(html).toContain('A<small>3 runs</small>');
    expect(html).toContain('B<small>1 run</small>');
  });

  it('is not there for one run of each method', () => {
    expect(
      trainingTable(
        compareMethods(
          methods,
          scores('a', () => ({ mae: 1 })),
        ),
      ),
    ).toBe('');
  });
});
