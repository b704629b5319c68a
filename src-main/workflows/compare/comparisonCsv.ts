/** The figures behind a comparison as CSV (RFC 4180): one row for each run, case and metric. */
import type { CaseScores, Comparison } from './comparison.ts';
import { metricsThrough } from './metricTable.ts';

/** Header and rows; a figure that does not exist is an empty cell. */
export function comparisonCsv(
  { methods, unpublished }: Pick<Comparison, 'methods' | 'unpublished'>,
  scores: readonly CaseScores[],
): string {
  const metrics = metricsThrough(unpublished);
  const rows = scores.flatMap(({ run, caseId, values }) => {
    const labels = methods.filter(({ runs }) => runs.includes(run)).map(({ label }) => label);
    return metrics.flatMap(({ id, name, where, unit }) =>
      id in values ? [[labels.join(' '), run, caseId, id, name, where, unit, values[id] ?? '']] : [],
    );
  });
  const header = ['method', 'run', 'case', 'metric', 'name', 'where', 'unit', 'value'];
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
