/**
 * The log of a run in columns, made for drawing: a step's place is found by bisection and the mean over any stretch costs two reads
 * of running sums, however long the run is. A step that comes again (a run resumed from its checkpoint) replaces what followed it.
 */
import type { RunLogLine } from '../../src-main/api/contract/training.ts';

export type StepLine = Extract<RunLogLine, { type: 'step' }>;

/** Curves of the chart, as the log names them: those in HU first, then those without unit. A run has those of its method. */
export const chartCurves = [
  'pixelHu',
  'registrationHu',
  'validationHu',
  'adversarial',
  'discriminator',
  'perceptual',
  'contextual',
  'smoothness',
] as const;
export type ChartCurve = (typeof chartCurves)[number];

interface Column {
  /** NaN where the step has no such value. */
  values: Float64Array;
  /** `sums[n]`, `counts[n]`: of the finite values before place n. */
  sums: Float64Array;
  counts: Float64Array;
}

export class ChartLog {
  #length = 0;
  #steps = new Float64Array(1024);
  readonly #columns = new Map<ChartCurve, Column>(
    chartCurves.map((curve) => [
      curve,
      { values: new Float64Array(1024), sums: new Float64Array(1025), counts: new Float64Array(1025) },
    ]),
  );

  get length(): number {
    return this.#length;
  }

  /** The last step, 0 before the first. */
  get lastStep(): number {
    return this.#length === 0 ? 0 : this.step(this.#length - 1);
  }

  append(lines: readonly StepLine[]): void {
    for (const line of lines) {
      if (line.step <= this.lastStep) this.#length = this.placeOf(line.step);
      const at = this.#length;
      if (at === this.#steps.length) this.#grow();
      this.#steps[at] = line.step;
      for (const [curve, column] of this.#columns) {
        const value = line[curve] ?? NaN;
        const counts = Number.isFinite(value);
        column.values[at] = value;
        column.sums[at + 1] = (column.sums[at] ?? 0) + (counts ? value : 0);
        column.counts[at + 1] = (column.counts[at] ?? 0) + (counts ? 1 : 0);
      }
      this.#length = at + 1;
    }
  }

  step(place: number): number {
    return this.#steps[place] ?? NaN;
  }

  /** NaN where there is none. */
  value(curve: ChartCurve, place: number): number {
    return this.#columns.get(curve)?.values[place] ?? NaN;
  }

  /** Mean of the finite values of places [start, end); NaN without any. */
  mean(curve: ChartCurve, start: number, end: number): number {
    const column = this.#columns.get(curve);
    if (!column) return NaN;
    const [from, to] = [Math.max(0, start), Math.min(this.#length, end)];
    const count = (column.counts[to] ?? 0) - (column.counts[from] ?? 0);
    return count > 0 ? ((column.sums[to] ?? 0) - (column.sums[from] ?? 0)) / count : NaN;
  }

  /** The first place whose step is not before `step`. */
  placeOf(step: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.step(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const size = this.#steps.length * 2;
    const wider = (old: Float64Array, length: number): Float64Array<ArrayBuffer> => {
      const made = new Float64Array(length);
      made.set(old);
      return made;
    };
    this.#steps = wider(this.#steps, size);
    for (const column of this.#columns.values()) {
      column.values = wider(column.values, size);
      column.sums = wider(column.sums, size + 1);
      column.counts = wider(column.counts, size + 1);
    }
  }
}
