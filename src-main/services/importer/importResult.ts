/** An import as the window is told of it: its findings with their English texts, files by the paths people know. */
import { sep } from 'node:path';
import type { ImportResult } from '../../api/contract/jobs.ts';
import type { FindingBody } from '../../api/contract/session.ts';
import type { Finding } from '../../shared/finding.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { ImportReport } from './importReport.ts';

/** `uploadFolder`: where a browser's files were kept; people know them by their paths in what they dropped. */
export function importResult(
  { outcomes, cases, findings, cancelled }: ImportReport,
  uploadFolder?: string,
): ImportResult {
  const shown = (text: string): string =>
    uploadFolder === undefined ? text : text.replaceAll(`${uploadFolder}${sep}`, '');
  const body = ({ details, subject, ...finding }: Finding): FindingBody => {
    const told = Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? shown(value) : value,
    ]);
    return findingBody({
      ...finding,
      subject: shown(subject),
      details: Object.fromEntries(told) as Finding['details'],
    });
  };
  return {
    outcomes: outcomes.map(({ path, outcome, reason }) => ({
      path: shown(path),
      outcome,
      reason: reason ? body(reason) : null,
    })),
    cases,
    findings: findings.map(body),
    cancelled,
  };
}
