import { describe, expect, test } from 'vitest';
import { chartCurves } from '../../../src-renderer/lib/chartLog.ts';
import { FilmStage } from '../../../src-renderer/state/filmStage.svelte.ts';
import { RunChart } from '../../../src-renderer/state/runChart.svelte.ts';
import { readFilmPlace, readFormState } from '../../../src-renderer/state/runMemory.ts';

describe('how the film is looked at', () => {
  test('CT and sCT share a window, MR has its own, the weight map has none', () => {
    const stage = new FilmStage();
    stage.dragWindow('ct', -0.2, 0.1);
    expect(stage.range('sct')).toEqual(stage.range('ct'));
    expect(stage.range('ct')).toEqual([-450, 550]);
    expect(stage.range('mr')).toEqual([-1, 1]);
    const before = stage.windows;
    stage.dragWindow('weight', 1, 1);
    expect(stage.windows).toBe(before);
  });

  test('a window cannot become empty, and the picture cannot leave its place', () => {
    const stage = new FilmStage();
    stage.dragWindow('ct', -9, 0);
    expect(stage.windows.hu.width).toBe(10);
    stage.pan(3, 3);
    expect(stage.shift).toEqual([0, 0]);
    stage.zoomBy(2);
    stage.pan(3, -3);
    expect(stage.shift).toEqual([0.5, -0.5]);
    stage.zoomBy(0.01);
    expect([stage.zoom, ...stage.shift]).toEqual([1, 0, -0]);
    stage.reset();
    expect(stage.windows.hu).toEqual({ width: 1500, level: 300 });
  });
});

describe('how the chart is looked at', () => {
  test('zooming in keeps the middle, zooming out ends with everything', () => {
    const chart = new RunChart();
    expect(chart.range(1001)).toEqual([1, 1001]);
    chart.zoomBy(0.5, 1001);
    expect(chart.range(1001)).toEqual([251, 751]);
    for (let at = 0; at < 40; at++) chart.zoomBy(0.5, 1001);
    const [from, to] = chart.range(1001);
    expect(to - from).toBeGreaterThanOrEqual(4);
    for (let at = 0; at < 40; at++) chart.zoomBy(2, 1001);
    expect(chart.zoom).toBeNull();
  });

  test('a curve is hidden and shown again', () => {
    const chart = new RunChart();
    const before = [...chart.visible];
    chart.toggle('adversarial');
    expect(chart.visible).toEqual(before.filter((curve) => curve !== 'adversarial'));
    chart.toggle('adversarial');
    expect([...chart.visible].sort()).toEqual(before.sort());
  });

  test('at first every curve is shown but the smoothness, which would press the others together', () => {
    expect(new RunChart().visible).toEqual(chartCurves.filter((curve) => curve !== 'smoothness'));
  });
});

describe('what an earlier session left', () => {
  test('anything of another shape counts as nothing', () => {
    for (const odd of [undefined, null, 7, 'x', [], { run: 3 }, { run: 'r', slice: 'a' }])
      expect(readFilmPlace(odd)).toBeNull();
    expect(readFilmPlace({ run: 'r', slice: 1, epoch: 'last' })).toEqual({ run: 'r', slice: 1, epoch: null });
    expect(readFormState({ method: 'sorcery', typed: { seed: 3, dropout: '5' } }, 'cpu')).toEqual({
      method: 'meta',
      preset: 'quick',
      typed: { dropout: '5' },
      device: 'cpu',
    });
  });
});
