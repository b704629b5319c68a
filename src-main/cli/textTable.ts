/** Tables for people at a terminal. */

/** Lines with columns padded to equal width; columns whose number is in `right` are aligned right. */
export function textTable(rows: ReadonlyArray<readonly string[]>, right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  const pad = (cell: string, at: number): string =>
    right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
