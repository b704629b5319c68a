/** Findings as a list shows them. */
import type { FindingBody } from '../../src-main/api/contract/session.ts';
import { findingText } from './i18n.svelte.ts';

export interface FindingLine {
  /** `ok`: looked at and found good. */
  readonly severity: FindingBody['severity'] | 'ok';
  readonly text: string;
  /** What it is about, where that is not clear from where it stands. */
  readonly subject?: string;
}

export function findingLines(findings: readonly FindingBody[], { named = false } = {}): FindingLine[] {
  return findings.map((finding) => ({
    severity: finding.severity,
    text: findingText(finding),
    ...(named ? { subject: finding.subject } : {}),
  }));
}

const order: readonly FindingBody['severity'][] = ['error', 'warning', 'info'];

/** What is odd about a case, the gravest first, named where it is not about the case itself. */
export function oddLines(findings: readonly FindingBody[], caseId: string): FindingLine[] {
  return order.flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .flatMap((finding) => findingLines([finding], { named: finding.subject !== caseId })),
  );
}
