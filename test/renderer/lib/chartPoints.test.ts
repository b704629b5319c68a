import { describe, expect, test } from 'vitest';
import { ChartLog, chartCurves, type StepLine } from '../../../src-renderer/lib/chartLog.ts';
import { curveStyles } from '../../../src-renderer/lib/chartOptions.ts';
import { chartPoints } from '../../../src-renderer/lib/chartPoints.ts';

const line = (step: number, pixelHu: number, validationHu?: number): StepLine => ({
  type: 'step',
  step,
  epoch: 0,
  learningRate: 1e-3,
  pixelHu,
  adversarial: 1,
  discriminator: 0.5,
  ...(validationHu !== undefined && { validationHu }),
  seconds: 0.1,
  etaSeconds: 1,
  memoryMiB: 100,
});

function logOf(count: number, value: (step: number) => number): ChartLog {
  const log = new ChartLog();
  log.append(Array.from({ length: count }, (_, at) => line(at + 1, value(at + 1))));
  return log;
}

describe('the points of a chart', () => {
  test('a short log is drawn step by step', () => {
    const { steps, raw, meanSteps } = chartPoints(
      logOf(7, (step) => 10 * step),
      1,
      7,
      500,
    );
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(raw.get('pixelHu')).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(meanSteps).toBe(1);
  });

  test('100 000 steps become at most two points a pixel column, ascending, and no spike is lost', () => {
    const log = logOf(100_000, (step) => (step === 54_321 ? 9999 : step === 77_777 ? -9999 : Math.sin(step)));
    const { steps, raw } = chartPoints(log, 1, 100_000, 800);
    expect(steps.length).toBeLessThanOrEqual(1600);
    expect(steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? 0))).toBe(true);
    expect(steps[0]).toBe(1);
    expect(steps.at(-1)).toBe(100_000);
    expect(raw.get('pixelHu')).toContain(9999);
    expect(raw.get('pixelHu')).toContain(-9999);
  });

  test('drawing 100 000 steps takes less than a frame of a slow screen', () => {
    const log = logOf(100_000, Math.cos);
    chartPoints(log, 1, 100_000, 1200);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      chartPoints(log, 1, 100_000, 1200);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  test('losses of some methods alone are drawn where the run has them', () => {
    const log = new ChartLog();
    log.append([
      { ...line(1, 10), contextual: 0.9 },
      { ...line(2, 9), contextual: 0.8, registrationHu: 7, smoothness: 2e-5 },
    ]);
    const { raw } = chartPoints(log, 1, 2, 500);
    expect(raw.get('contextual')).toEqual([0.9, 0.8]);
    expect(raw.get('registrationHu')).toContain(7);
    expect(raw.get('perceptual')).toEqual([null, null]);
  });

  test('no two curves of a scale look alike, not even without colour', () => {
    const looks = chartCurves.map((curve) => curveStyles[curve].dash.join(' '));
    expect(new Set(looks).size).toBe(chartCurves.length);
  });

  test('a zoomed stretch reaches one step beyond each edge', () => {
    const { steps } = chartPoints(logOf(1000, Math.cos), 300, 310, 800);
    expect([steps[0], steps.at(-1)]).toEqual([299, 311]);
  });

  test('a curve that begins later is a gap before, in the mean as well', () => {
    const log = new ChartLog();
    log.append(Array.from({ length: 400 }, (_, at) => line(at + 1, 1, at < 200 ? undefined : 8)));
    const { steps, raw, mean } = chartPoints(log, 1, 400, 1000);
    const begin = steps.indexOf(201);
    for (const column of [raw.get('validationHu'), mean.get('validationHu')]) {
      expect(column?.slice(0, begin).every((value) => value === null)).toBe(true);
      expect(column?.[begin]).toBe(8);
    }
  });

  test('the mean is the mean of its window', () => {
    const log = logOf(1000, (step) => step);
    const { mean, meanSteps } = chartPoints(log, 1, 1000, 2000);
    expect(meanSteps).toBe(21);
    expect(mean.get('pixelHu')?.[500]).toBeCloseTo(501, 9);
    expect(mean.get('pixelHu')?.[0]).toBeCloseTo(6, 9);
  });

  test('nothing logged draws nothing', () => {
    expect(chartPoints(new ChartLog(), 0, 10, 100).steps).toEqual([]);
  });
});

describe('the log of a run', () => {
  test('steps done again after a resume replace the first ones', () => {
    const log = logOf(10, () => 1);
    log.append([line(6, 7), line(7, 8)]);
    expect([log.length, log.lastStep]).toEqual([7, 7]);
    expect(log.value('pixelHu', 5)).toBe(7);
    expect(log.mean('pixelHu', 0, 7)).toBeCloseTo((5 + 7 + 8) / 7, 12);
  });

  test('it grows past its first size', () => {
    const log = logOf(5000, (step) => step);
    expect(log.value('pixelHu', 4999)).toBe(5000);
    expect(log.mean('pixelHu', 0, 5000)).toBeCloseTo(2500.5, 9);
    expect(log.placeOf(2048)).toBe(2047);
  });
});
