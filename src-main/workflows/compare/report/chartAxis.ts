/** A vertical axis: round numbers that cover the values, and where they lie in the chart. */
import { figure } from '../figures.ts';

export interface Axis {
  readonly ticks: readonly number[];
  readonly digits: number;
  /** Value → y of the chart, downwards. */
  readonly y: (value: number) => number;
}

/** An axis over `values` (at least one) from `bottom` up to `top` in chart units, with about four steps. */
export function chartAxis(values: readonly number[], bottom: number, top: number): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = most > least ? most - least : Math.abs(most) || 1;
  const step = roundStep(range / 4);
  const from = Math.floor(least / step) * step;
  const count = Math.max(1, Math.ceil((most - from) / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, at) => from + at * step);
  const y = (value: number): number => bottom + ((top - bottom) * (value - from)) / (count * step);
  return { ticks, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), y };
}

/** The next of 1, 2, 5, 10 … that is not smaller. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].find((one) => one * power >= wanted * (1 - 1e-9)) ?? 10);
}

/** Lines and numbers of the axis as SVG; lines go from `left` to `right`. */
export function axisSvg({ ticks, digits, y }: Axis, left: number, right: number): string {
  const lines = ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    const text = figure(tick, digits);
    return `<path class="line" d="M${left} ${at}H${right}"/><text x="${left - 6}" y="${at}" dy="4" text-anchor="end">${text}</text>`;
  });
  return `<g class="axis">${lines.join('')}</g>`;
}
