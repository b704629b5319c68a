/**
 * What of a run's log is drawn: at most two points a pixel column, the smallest and the largest value that fell into it, so that no
 * spike is lost and 100 000 steps cost no more than a screen's width; beside it a centred mean that shows where the curve goes.
 */
import { chartCurves, type ChartCurve, type ChartLog } from './chartLog.ts';

export interface ChartPoints {
  /** Ascending. */
  readonly steps: readonly number[];
  /** As logged; null where a curve has no value. */
  readonly raw: ReadonlyMap<ChartCurve, readonly (number | null)[]>;
  readonly mean: ReadonlyMap<ChartCurve, readonly (number | null)[]>;
  /** Steps the mean is taken over. */
  readonly meanSteps: number;
}

/** The points of steps `from`…`to` for a plot `columns` pixels wide; one place more on each side, so that lines run to the edges. */
export function chartPoints(log: ChartLog, from: number, to: number, columns: number): ChartPoints {
  const start = Math.max(0, log.placeOf(from) - 1);
  const end = Math.min(log.length, log.placeOf(to) + 2);
  const count = Math.max(0, end - start);
  const buckets = Math.max(1, Math.min(Math.floor(columns), Math.ceil(count / 2)));
  const half = Math.floor(count / 100);
  const steps: number[] = [];
  const raw = new Map(chartCurves.map((curve) => [curve, [] as (number | null)[]]));
  const mean = new Map(chartCurves.map((curve) => [curve, [] as (number | null)[]]));
  for (let bucket = 0; bucket < buckets && count > 0; bucket++) {
    const first = start + Math.floor((bucket * count) / buckets);
    const last = start + Math.floor(((bucket + 1) * count) / buckets) - 1;
    const places = last > first ? [first, last] : [first];
    steps.push(...places.map((place) => log.step(place)));
    for (const curve of chartCurves) {
      raw.get(curve)?.push(...extremes(log, curve, first, last).slice(0, places.length));
      mean
        .get(curve)
        ?.push(
          ...places.map((place) =>
            orNull(log, curve, place, log.mean(curve, place - half, place + half + 1)),
          ),
        );
    }
  }
  return { steps, raw, mean, meanSteps: 2 * half + 1 };
}

/** Smallest and largest value of places first…last in the order they came. */
function extremes(log: ChartLog, curve: ChartCurve, first: number, last: number): (number | null)[] {
  let [low, high] = [-1, -1];
  for (let place = first; place <= last; place++) {
    const value = log.value(curve, place);
    if (!Number.isFinite(value)) continue;
    if (low < 0 || value < log.value(curve, low)) low = place;
    if (high < 0 || value > log.value(curve, high)) high = place;
  }
  if (low < 0) return [null, null];
  return [log.value(curve, Math.min(low, high)), log.value(curve, Math.max(low, high))];
}

/** The mean, but only where the curve itself has a value: it starts with the curve, not half a window earlier. */
function orNull(log: ChartLog, curve: ChartCurve, place: number, mean: number): number | null {
  return Number.isFinite(log.value(curve, place)) && Number.isFinite(mean) ? mean : null;
}
