/** An import as the window is told of it: reasons in words. */
import { sep } from 'node:path';
import type { ImportResult } from '../../api/contract.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { ImportReport } from './importReport.ts';

/** `uploadFolder`: where a browser's files were kept; people know them by their paths in what they dropped. */
export function importResult(
  { outcomes, cases, findings, cancelled }: ImportReport,
  uploadFolder?: string,
): ImportResult {
  const shown = (text: string): string =>
    uploadFolder === undefined ? text : text.replaceAll(`${uploadFolder}${sep}`, '');
  return {
    outcomes: outcomes.map(({ path, outcome, reason }) => ({
      path: shown(path),
      outcome,
      reason: reason ? shown(findingBody(reason).text) : null,
    })),
    cases,
    findings: findings.map(findingBody),
    cancelled,
  };
}
