/** How uPlot draws a run's losses: HU on the left, unitless on the right, colours of the modalities read from the page's tokens. */
import type uPlot from 'uplot';
import { chartCurves, type ChartCurve } from './chartLog.ts';
import type { ChartPoints } from './chartPoints.ts';

interface CurveStyle {
  /** Custom property. */
  readonly token: string;
  /** Dash and gap, px; none: solid. Curves differ without colour. */
  readonly dash: readonly number[];
  readonly scale: 'hu' | 'loss';
}

export const curveStyles: Readonly<Record<ChartCurve, CurveStyle>> = {
  pixelHu: { token: '--sct', dash: [], scale: 'hu' },
  registrationHu: { token: '--sct', dash: [10, 3, 2, 3], scale: 'hu' },
  validationHu: { token: '--ct', dash: [10, 3], scale: 'hu' },
  adversarial: { token: '--mr', dash: [4, 4], scale: 'loss' },
  discriminator: { token: '--muted', dash: [1.5, 3], scale: 'loss' },
  perceptual: { token: '--text', dash: [6, 2, 1.5, 2, 1.5, 2], scale: 'loss' },
  contextual: { token: '--text', dash: [14, 4], scale: 'loss' },
  smoothness: { token: '--muted', dash: [7, 7], scale: 'loss' },
};

// uPlot's enums exist for the compiler alone, so that their values come in by spreading.
const sides: Readonly<Record<'hu' | 'loss', object>> = { hu: { side: 3 }, loss: { side: 1 } };
const logarithmic: object = { distr: 3 };

export interface ChartState {
  readonly logarithmic: boolean;
  readonly visible: readonly ChartCurve[];
  /** Steps shown. */
  range(): readonly [number, number];
  /** Step to mark; null for none. */
  marked(): number | null;
}

/** Columns for uPlot: steps, then each curve as logged, then each curve's mean. A logarithm has no place for zero. */
export function chartColumns({ steps, raw, mean }: ChartPoints, logarithmic: boolean): uPlot.AlignedData {
  const shown = (values: readonly (number | null)[] = []): (number | null)[] =>
    logarithmic ? values.map((value) => (value !== null && value > 0 ? value : null)) : [...values];
  return [
    [...steps],
    ...chartCurves.map((curve) => shown(raw.get(curve))),
    ...chartCurves.map((curve) => shown(mean.get(curve))),
  ];
}

/** Options of a chart of a size in CSS px. `token` reads a custom property. */
export function chartOptions(
  size: { readonly width: number; readonly height: number },
  state: ChartState,
  token: (name: string) => string,
  format: (value: number) => string,
  formatStep: (step: number) => string,
): uPlot.Options {
  const font = `${token('--text-12')} Inter, system-ui, sans-serif`;
  const axis = (scale: 'hu' | 'loss'): uPlot.Axis => ({
    scale,
    ...sides[scale],
    stroke: () => token('--muted'),
    font,
    size: 52,
    gap: 6,
    ...(state.logarithmic && { splits: roundLogTicks, filter: all }),
    grid: scale === 'hu' ? { stroke: () => token('--line'), width: 1 } : { show: false },
    ticks: { show: false },
    values: (_chart, ticks: readonly (number | null)[]) =>
      ticks.map((tick) => (tick === null ? '' : format(tick))),
  });
  const curve = (name: ChartCurve, isMean: boolean): uPlot.Series => {
    const { token: colour, dash, scale } = curveStyles[name];
    return {
      scale,
      show: state.visible.includes(name),
      stroke: () => token(colour),
      width: isMean ? 2 : 1,
      alpha: isMean ? 1 : 0.22,
      ...(isMean && dash.length > 0 && { dash: [...dash] }),
      points: { show: false },
      spanGaps: false,
    };
  };
  const scale: uPlot.Scale = {
    auto: true,
    ...(state.logarithmic && logarithmic),
    range: state.logarithmic ? aroundAll : fromZero,
  };
  return {
    ...size,
    padding: [12, 0, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      y: false,
    },
    scales: { x: { time: false, range: () => [...state.range()] }, hu: scale, loss: { ...scale } },
    axes: [
      {
        stroke: () => token('--muted'),
        font,
        size: 40,
        gap: 4,
        grid: { show: false },
        ticks: { show: false },
        values: (_chart, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatStep(tick) : '')),
      },
      axis('hu'),
      axis('loss'),
    ],
    series: [
      {},
      ...chartCurves.map((name) => curve(name, false)),
      ...chartCurves.map((name) => curve(name, true)),
    ],
    hooks: { draw: [(chart) => drawMark(chart, state.marked(), token('--text'))] },
  };
}

/** From zero to a little above what is drawn. */
function fromZero(_chart: uPlot, _min: number | null, max: number | null): uPlot.Range.MinMax {
  return [0, max === null || max <= 0 ? 1 : max * 1.05];
}

/** A little below and above what is drawn, not whole decades. */
function aroundAll(_chart: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  return [(min ?? 1) / 1.15, (max ?? 10) * 1.15];
}

const all = (_chart: uPlot, ticks: number[]): number[] => ticks;

/** 1, 2 and 5 of each decade, or the ones alone where that would be crowded. */
function roundLogTicks(_chart: uPlot, _axis: number, min: number, max: number): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const kept = Math.log10(max / min) > 2 ? [1] : [1, 2, 5];
  return Array.from({ length: last - first + 1 }, (_, at) => kept.map((digit) => digit * 10 ** (first + at)))
    .flat()
    .filter((tick) => tick >= min && tick <= max);
}

function drawMark(chart: uPlot, step: number | null, colour: string): void {
  if (step === null) return;
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(step, 'x', true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.5;
  ctx.setLineDash([]);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
