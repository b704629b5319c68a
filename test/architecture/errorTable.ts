/**
 * The README's table of errors, made from the catalogue and the English texts. Run this file to bring the README up to date:
 * `node --import tsx test/architecture/errorTable.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import english from '../../resources/locales/en.json' with { type: 'json' };
import { errorCatalogue } from '../../src-main/shared/errorCatalogue.ts';

/** Markdown: one row per code with exit code and text, columns padded as the formatter pads them. */
export function errorTable(): string {
  const texts: Readonly<Record<string, string>> = english.errors;
  const rows = [
    ['Code', 'Exit', 'Text'],
    ...Object.entries(errorCatalogue).map(([code, { exitCode }]) => [
      `\`${code}\``,
      String(exitCode),
      texts[code] ?? '',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const readme = resolve(import.meta.dirname, '../../README.md');
  const section = /(<!-- errors -->\n)[^]*?(\n<!-- \/errors -->)/;
  const updated = readFileSync(readme, 'utf8').replace(
    section,
    (_all, open: string, close: string) => `${open}\n${errorTable()}\n${close}`,
  );
  writeFileSync(readme, updated);
}
