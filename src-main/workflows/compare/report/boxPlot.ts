/**
 * Box plots of one metric: quartiles as a box, the median as a line, whiskers to the farthest case within 1.5 box heights, and every case as
 * a dot. Thin lines join a case's dots, so that pairs are seen as pairs.
 */
import { percentiles } from '../../../imaging/intensity/percentiles.ts';
import type { MetricComparison } from '../comparison.ts';
import { figure } from '../figures.ts';
import { metricTitle, type Metric } from '../metricTable.ts';
import { axisSvg, chartAxis, type Axis } from './chartAxis.ts';
import { escapeHtml } from './html.ts';
import { methodColour } from './styles.ts';
import { directions } from './tableRows.ts';

const size = { width: 360, left: 48, right: 352, top: 46, bottom: 220 } as const;
/** Below the boxes: room for names, or for slanted ones. */
const nameRoom = { wide: 36, slanted: 92 } as const;

/** The chart as SVG; empty where no method has a value. */
export function boxPlot(metric: Metric, { methods }: MetricComparison): string {
  const all = methods.flatMap(({ byCase }) => Object.values(byCase));
  if (all.length === 0) return '';
  const axis = chartAxis(all, size.bottom, size.top);
  const width = (size.right - size.left) / methods.length;
  const centre = (column: number): number => size.left + (column + 0.5) * width;
  const cases = [...new Set(methods.flatMap(({ byCase }) => Object.keys(byCase)))];
  const place = (column: number, caseId: string): number =>
    centre(column) + (((cases.indexOf(caseId) * 7) % 11) / 10 - 0.5) * Math.min(18, width * 0.3);
  const pairs = cases.map((caseId) => {
    const points = methods.flatMap(({ byCase }, column) => {
      const value = byCase[caseId];
      return value === undefined ? [] : [`${place(column, caseId).toFixed(1)} ${axis.y(value).toFixed(1)}`];
    });
    return points.length > 1 ? `<path class="pair" d="M${points.join('L')}"/>` : '';
  });
  const columns = methods.map(({ label, byCase }, column) => {
    const dots = Object.entries(byCase).map(
      ([caseId, value]) =>
        `<circle cx="${place(column, caseId).toFixed(1)}" cy="${axis.y(value).toFixed(1)}" r="2.6" fill="${methodColour(column)}"><title>${escapeHtml(`${label}, ${caseId}: ${figure(value, metric.digits)}`)}</title></circle>`,
    );
    const box = boxSvg(Object.values(byCase), axis, centre(column), Math.min(46, width * 0.6), column);
    return `${box}${dots.join('')}${columnName(label, centre(column), width)}`;
  });
  const title = metricTitle(metric);
  return `<svg class="chart" viewBox="0 0 ${size.width} ${size.bottom + (isNarrow(width) ? nameRoom.slanted : nameRoom.wide)}" role="img" aria-label="${escapeHtml(title)}"><text class="title" x="0" y="13">${escapeHtml(title)}</text><text x="0" y="29">${directions[metric.better]}</text>${axisSvg(axis, size.left, size.right)}${pairs.join('')}${columns.join('')}</svg>`;
}

function boxSvg(values: readonly number[], { y }: Axis, x: number, width: number, column: number): string {
  // A method may have no value where others have some, such as a surface distance without any bone.
  if (values.length === 0) return '';
  const [low = 0, middle = 0, high = 0] = percentiles(values, [25, 50, 75]);
  const reach = 1.5 * (high - low);
  const inside = values.filter((value) => value >= low - reach && value <= high + reach);
  const [least, most] = [Math.min(...inside), Math.max(...inside)];
  const [left, right] = [(x - width / 2).toFixed(1), (x + width / 2).toFixed(1)];
  const at = (value: number): string => y(value).toFixed(1);
  const colour = methodColour(column);
  return `<g stroke="${colour}" fill="none"><path d="M${x.toFixed(1)} ${at(least)}V${at(low)}M${x.toFixed(1)} ${at(high)}V${at(most)}"/><rect x="${left}" y="${at(high)}" width="${width.toFixed(1)}" height="${Math.max(0.5, y(low) - y(high)).toFixed(1)}" fill="${colour}" fill-opacity=".14"/><path stroke-width="2" d="M${left} ${at(middle)}H${right}"/></g>`;
}

const isNarrow = (columnWidth: number): boolean => columnWidth < 90;

/** The label below its column, slanted where columns are narrow, in two lines where one is too short. */
function columnName(label: string, x: number, width: number): string {
  const room = isNarrow(width) ? 17 : Math.floor(width / 6);
  const y = size.bottom + 16;
  const place = isNarrow(width)
    ? `text-anchor="end" transform="rotate(-45 ${x.toFixed(1)} ${y})"`
    : 'text-anchor="middle"';
  const lines = wrapped(label, room).map(
    (line, at) => `<tspan x="${x.toFixed(1)}" dy="${at === 0 ? 0 : 12}">${escapeHtml(line)}</tspan>`,
  );
  return `<text x="${x.toFixed(1)}" y="${y}" ${place}>${lines.join('')}<title>${escapeHtml(label)}</title></text>`;
}

/** At most two lines, broken where the longer is shortest; what is longer than `room` even so is cut, its title says all. */
function wrapped(label: string, room: number): string[] {
  if (label.length <= room) return [label];
  const broken = [...label.matchAll(/[\s_+.-]+/g)].map(({ index, 0: gap }) => [
    label.slice(0, index + gap.length).trimEnd(),
    label.slice(index + gap.length),
  ]);
  const longest = (lines: readonly string[]): number => Math.max(...lines.map(({ length }) => length));
  const [best = [label]] = broken.filter(([, rest]) => rest !== '').sort((a, b) => longest(a) - longest(b));
  return best.map((line) => (line.length <= room ? line : `${line.slice(0, room - 1)}…`));
}
