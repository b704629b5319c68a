/** The evaluation report for people: text for a terminal, one self-contained HTML page for everything else. */
import type { EvaluationReport } from './evaluationReport.ts';
import { reportHeading, reportNotes, reportRows } from './reportRows.ts';

/** Heading, notes and one table, ready to print. */
export function formatReportText(report: EvaluationReport): string {
  const cells = reportRows(report).map(
    ({ measure, where, value, unit }) => [measure, where, value, unit] as const,
  );
  const width = (column: 0 | 1 | 2): number => Math.max(...cells.map((row) => row[column].length));
  const [first, second, third] = [width(0), width(1), width(2)];
  return [
    ...reportHeading(report),
    ...reportNotes(report).map((note) => `Note: ${note}`),
    '',
    ...cells.map(([measure, where, value, unit]) =>
      `${measure.padEnd(first)}  ${where.padEnd(second)}  ${value.padStart(third)} ${unit}`.trimEnd(),
    ),
  ].join('\n');
}

/** One HTML page without scripts or outside resources. `image`: an optional PNG shown above the table. */
export function formatReportHtml(report: EvaluationReport, image?: Uint8Array): string {
  const rows = reportRows(report).map(
    ({ measure, where, value, unit }) =>
      `<tr><th scope="row">${escapeHtml(measure)}</th><td>${escapeHtml(where)}</td><td class="value">${escapeHtml(value)}</td><td>${escapeHtml(unit)}</td></tr>`,
  );
  const [title = '', ...lines] = reportHeading(report);
  const picture = image
    ? `<img alt="MR, CT, synthetic CT and weight map" src="data:image/png;base64,${Buffer.from(image).toString('base64')}">`
    : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f23; background: #fff; }
  h1 { font-size: 1.25rem; overflow-wrap: anywhere; }
  img { max-width: 100%; }
  table { border-collapse: collapse; margin: 1rem 0; }
  th, td { text-align: left; font-weight: normal; padding: 0.2rem 1rem 0.2rem 0; border-bottom: 1px solid #d0d7de; }
  .value { text-align: right; font-variant-numeric: tabular-nums; }
</style>
<h1>${escapeHtml(title)}</h1>
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
${picture}
<table>
<thead><tr><th scope="col">Measure</th><th scope="col">Where</th><th scope="col" class="value">Value</th><th scope="col">Unit</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${reportNotes(report)
  .map((note) => `<p>Note: ${escapeHtml(note)}</p>`)
  .join('\n')}
<p>MAE, PSNR and SSIM as in the SynthRAD2023 challenge: whole volume, values that count only, range 4024 HU. For research use only.</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
