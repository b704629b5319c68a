/** What the tables of figures share: their rows, and cells of numbers. */
import type { Comparison, MetricComparison } from '../comparison.ts';
import { metricsThrough, type Metric } from '../metricTable.ts';
import type { Cell } from './html.ts';

export interface TableRow {
  readonly metric: Metric;
  readonly scores: MetricComparison;
}

/** The metrics that there are figures of, in reading order. */
export function tableRows(comparison: Comparison): TableRow[] {
  return metricsThrough(comparison.unpublished).flatMap((metric) => {
    const scores = comparison.metrics.find(({ metricId }) => metricId === metric.id);
    return scores ? [{ metric, scores }] : [];
  });
}

export function numberCell(text: string, notes: readonly string[] = []): Cell {
  return { text, isNumber: true, notes };
}

/** `MAE (HU)`, and in small print what it is taken over and a remark. */
export function rowHead({ name, where, unit }: Metric, remark = ''): Cell {
  const small = [where, remark].filter((part) => part !== '');
  return { text: unit ? `${name} (${unit})` : name, notes: small.length > 0 ? [small.join('; ')] : [] };
}

export const directions = {
  higher: 'higher is better',
  lower: 'lower is better',
  zero: '0 is best',
} as const;
