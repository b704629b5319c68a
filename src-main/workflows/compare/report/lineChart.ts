/** Curves over epochs, one for each method, with the spread over its runs as a band. */
import { axisSvg, chartAxis } from './chartAxis.ts';
import { escapeHtml } from './html.ts';
import { methodColour } from './styles.ts';

export interface Curve {
  readonly label: string;
  /** Of the comparison's columns: its colour. */
  readonly column: number;
  readonly points: readonly {
    readonly x: number;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface LineChart {
  readonly title: string;
  readonly xName: string;
  readonly curves: readonly Curve[];
  /** A value worth a line of its own, such as chance. */
  readonly reference?: { readonly value: number; readonly text: string };
}

const size = { width: 720, height: 300, left: 52, right: 500, top: 34, bottom: 258 } as const;

/** The chart as SVG; empty without points. */
export function lineChart({ title, xName, curves, reference }: LineChart): string {
  const points = curves.flatMap((curve) => curve.points);
  if (points.length === 0) return '';
  const values = points.flatMap(({ low, high }) => [low, high]);
  const axis = chartAxis(reference ? [...values, reference.value] : values, size.bottom, size.top);
  const last = Math.max(1, ...points.map(({ x }) => x));
  const x = (value: number): string => (size.left + ((size.right - size.left) * value) / last).toFixed(1);
  const y = (value: number): string => axis.y(value).toFixed(1);
  const drawn = curves.map(({ column, points: own }) => {
    const colour = methodColour(column);
    const band = [
      ...own.map((point) => `${x(point.x)} ${y(point.high)}`),
      ...own.toReversed().map((point) => `${x(point.x)} ${y(point.low)}`),
    ].join('L');
    const line = own.map((point) => `${x(point.x)} ${y(point.mean)}`).join('L');
    const dots = own.map(
      (point) => `<circle cx="${x(point.x)}" cy="${y(point.mean)}" r="2.4" fill="${colour}"/>`,
    );
    return `<path d="M${band}Z" fill="${colour}" fill-opacity=".12"/><path d="M${line}" fill="none" stroke="${colour}" stroke-width="1.8"/>${dots.join('')}`;
  });
  // Everything is named beside the chart, where no curve can run over it.
  const nameAt = (row: number, text: string, sample: string): string => {
    const at = size.top + row * 20;
    return `<g><path d="M${size.right + 14} ${at + 1.5}h12" ${sample}/><text x="${size.right + 32}" y="${at + 5}">${escapeHtml(text)}</text></g>`;
  };
  const names = curves.map(({ label, column }, row) =>
    nameAt(row, label, `stroke-width="3" stroke="${methodColour(column)}"`),
  );
  const level = reference
    ? `<path class="reference" d="M${size.left} ${y(reference.value)}H${size.right}"/>${nameAt(curves.length, reference.text, 'class="reference"')}`
    : '';
  return `<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(title)}"><text class="title" x="0" y="13">${escapeHtml(title)}</text>${axisSvg(axis, size.left, size.right)}${level}${drawn.join('')}${names.join('')}<text x="${size.left}" y="${size.bottom + 20}">0</text><text x="${size.right}" y="${size.bottom + 20}" text-anchor="end">${escapeHtml(xName)} ${last}</text></svg>`;
}
