/** The outcomes of an import, counted and as text. */
import type { ImportResult } from '../../src-main/api/contract/jobs.ts';
import { findingText, t } from './i18n.svelte.ts';

export const outcomes = ['loaded', 'merged', 'skipped', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

export function countOutcomes(result: ImportResult): Record<Outcome, number> {
  const counts = { loaded: 0, merged: 0, skipped: 0, failed: 0 };
  for (const { outcome } of result.outcomes) counts[outcome] += 1;
  return counts;
}

/** The folder all files share, with its slash; empty when there is none. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split(/(?<=[/\\])/).slice(0, -1));
  if (!first) return '';
  const differs = first.findIndex((part, at) => others.some((parts) => parts[at] !== part));
  return first.slice(0, differs < 0 ? undefined : differs).join('');
}

/** One line a file: outcome, path, reason, between tabs; findings first. */
export function importReportText(result: ImportResult): string {
  return [
    ...result.findings.map((finding) => `${finding.subject}\t${findingText(finding)}`),
    ...result.outcomes.map(({ path, outcome, reason }) =>
      [t(`shell.outcome.${outcome}`), path, ...(reason === null ? [] : [findingText(reason)])].join('\t'),
    ),
  ].join('\n');
}
