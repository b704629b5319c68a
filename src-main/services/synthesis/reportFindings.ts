import type { Finding } from '../../shared/finding.ts';
import type { JobContext } from '../../shared/jobEvent.ts';
import { formatMessage } from '../../shared/messages.ts';

/** Tells findings as lines of the job's log; `named` puts what they are about in front. */
export function reportFindings(
  findings: readonly Finding[],
  { onEvent }: JobContext,
  { named = false } = {},
): void {
  for (const { code, severity, subject, details } of findings) {
    const text = formatMessage(`findings.${code}`, details);
    onEvent({
      type: 'log',
      level: severity === 'info' ? 'info' : 'warning',
      message: named ? `${subject}: ${text}` : text,
    });
  }
}
