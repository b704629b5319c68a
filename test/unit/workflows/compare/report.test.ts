import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaseScores } from '../../../../src-main/workflows/compare/comparison.ts';
import { compareMethods } from '../../../../src-main/workflows/compare/compareMethods.ts';
import { metrics } from '../../../../src-main/workflows/compare/metricTable.ts';
import { boxPlot } from '../../../../src-main/workflows/compare/report/boxPlot.ts';
import { chartAxis } from '../../../../src-main/workflows/compare/report/chartAxis.ts';
import { comparisonPage } from '../../../../src-main/workflows/compare/report/comparisonPage.ts';
import { lineChart } from '../../../../src-main/workflows/compare/report/lineChart.ts';
import { windowColours } from '../../../../src-main/workflows/compare/report/styles.ts';

const methods = [
  { label: 'pGAN', runs: ['a'] },
  { label: '<b>&"meta"', runs: ['b'] },
];
const scores = ['a', 'b'].flatMap((run, shift) =>
  Array.from({ length: 7 }, (_, at): CaseScores => ({
    run,
    caseId: `case-${at}`,
    values: { mae: 40 + at - shift * (at + 1), 'dice-250': 0.5 + 0.02 * at + 0.01 * shift },
  })),
);
const comparison = compareMethods(methods, scores);
const page = comparisonPage({
  title: 'A <title>',
  subject: ['7 cases'],
  comparison,
  warnings: ['b has seen a case'],
  problems: ['run b, case-9: no CT'],
  notInstalled: ['LPIPS v0.1 (AlexNet)'],
  cases: [],
  films: [],
  costs: [],
  further: ['<section>more</section>'],
  command: 'ilium compare a b',
  commandFile: null,
  versions: 'Ilium 0',
});

describe('comparisonPage', () => {
  it('needs nothing from outside and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/);
    expect(
      [...page.matchAll(/(?:src|href)="([^"]+)"/g)].filter(([, to]) => !to!.startsWith('data:')),
    ).toEqual([]);
  });

  it('shows names as they are, never as markup', () => {
    expect(page).not.toContain('<b>&"meta"');
    expect(page).toContain('&#60;b&#62;&#38;&#34;meta&#34;');
  });

  it('says what failed, what is not installed and how it was made', () => {
    for (const text of ['run b, case-9: no CT', 'not installed', 'ilium compare a b', 'Wilcoxon', 'more'])
      expect(page).toContain(text);
  });

  it('has the colours of the window', () => {
    const css = readFileSync(
      resolve(import.meta.dirname, '../../../../src-renderer/styles/tokens.css'),
      'utf8',
    );
    const [dark = '', light = ''] = css.split(":root[data-theme='light']");
    for (const [theme, text] of [
      ['dark', dark],
      ['light', light],
    ] as const)
      for (const [name, value] of Object.entries(windowColours[theme]))
        expect(new RegExp(`--${name}: ([^;]+);`).exec(text)?.[1], `${theme} ${name}`).toBe(value);
  });
});

describe('boxPlot', () => {
  const metric = metrics.find(({ id }) => id === 'mae')!;
  const row = comparison.metrics.find(({ metricId }) => metricId === 'mae')!;

  it('has a dot for every case of every method, inside the chart', () => {
    const dots = [...boxPlot(metric, row).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
    expect(dots).toHaveLength(14);
    for (const [, x, y] of dots) {
      expect(Number(x)).toBeGreaterThan(40);
      expect(Number(x)).toBeLessThan(360);
      expect(Number(y)).toBeGreaterThan(30);
      expect(Number(y)).toBeLessThan(230);
    }
  });

  it('is empty without values', () => {
    expect(boxPlot(metric, { metricId: 'mae', methods: [], differences: [] })).toBe('');
  });

  it('names narrow columns in two lines instead of cutting the name', () => {
    const [one] = row.methods;
    const labels = ['PGAN', 'meta without contextual', 'all + clean in the loss', 'clean only'];
    const svg = boxPlot(metric, { ...row, methods: labels.map((label) => ({ ...one!, label })) });
    const lines = [...svg.matchAll(/<tspan[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(lines).toEqual(['PGAN', 'meta without', 'contextual', 'all + clean', 'in the loss', 'clean only']);
  });

  it('leaves the place of a method without any value empty', () => {
    const method = (label: string, byCase: Record<string, number>) => ({
      label,
      n: 0,
      mean: null,
      sd: null,
      byCase,
      incomplete: [],
      trainings: { perCase: 1, cases: 0, sd: null },
    });
    const methods = [method('a', { x: 1, y: 2 }), method('b', {})];
    expect(boxPlot(metric, { metricId: 'mae', methods, differences: [] })).not.toMatch(/Infinity|NaN/);
  });
});

describe('chartAxis', () => {
  it.each([
    [[29.61, 31.3], [29.5, 30, 30.5, 31, 31.5], 1],
    [[0.384, 0.557], [0.35, 0.4, 0.45, 0.5, 0.55, 0.6], 2],
    [[-12, 8], [-15, -10, -5, 0, 5, 10], 0],
  ])('of %j has round numbers', (values, ticks, digits) => {
    const axis = chartAxis(values, 200, 0);
    expect(axis.ticks.map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
    expect(axis.digits).toBe(digits);
    expect(axis.y(axis.ticks[0]!)).toBeCloseTo(200);
    expect(axis.y(axis.ticks.at(-1)!)).toBeCloseTo(0);
  });

  it('exists for a single value', () => {
    expect(chartAxis([5], 200, 0).ticks.length).toBeGreaterThan(1);
    expect(chartAxis([0], 200, 0).ticks.length).toBeGreaterThan(1);
  });
});

describe('lineChart', () => {
  it('draws each curve with its band and names it', () => {
    const points = [0, 1, 2].map((x) => ({ x, mean: 0.5 + x / 10, low: 0.4, high: 0.8 }));
    const svg = lineChart({ title: 'AUC', xName: 'epoch', curves: [{ label: 'meta', column: 1, points }] });
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('meta');
    expect(svg).toContain('epoch 2');
    const marked = lineChart({
      title: 'AUC',
      xName: 'epoch',
      curves: [{ label: 'meta', column: 1, points }],
      reference: { value: 0.5, text: 'chance' },
    });
    // Beside the chart, where no curve runs: the curves end where the last epoch's dot is.
    const name = Number(/<text x="([\d.]+)"[^>]*>chance</.exec(marked)?.[1]);
    const dots = [...marked.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(name).toBeGreaterThan(Math.max(...dots));
    expect(lineChart({ title: '', xName: '', curves: [] })).toBe('');
  });
});
