/** An import as the window is told of it: reasons in words. */
import type { ImportResult } from '../../api/contract.ts';
import { findingBody } from '../findings/findingBody.ts';
import type { ImportReport } from './importReport.ts';

export function importResult({ outcomes, cases, findings, cancelled }: ImportReport): ImportResult {
  return {
    outcomes: outcomes.map(({ path, outcome, reason }) => ({
      path,
      outcome,
      reason: reason ? findingBody(reason).text : null,
    })),
    cases,
    findings: findings.map(findingBody),
    cancelled,
  };
}
