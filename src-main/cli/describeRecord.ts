/** Shows a flat result of a job as lines of `name  value`. */
import { textTable } from './textTable.ts';

/** Strings, numbers and booleans of `record`, one per line, `camelCase` names as words; nested values are left to `--json`. */
export function describeRecord(record: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(record).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[asWords(name), String(value)]]
      : [],
  );
  return textTable(rows);
}

function asWords(name: string): string {
  const words = name.replace(
    /([a-z])([A-Z])/g,
    (_all, last: string, next: string) => `${last} ${next.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
