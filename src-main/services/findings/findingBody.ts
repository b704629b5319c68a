/** A finding as the window gets it: with its English text. */
import type { FindingBody } from '../../api/contract/session.ts';
import type { Finding } from '../../shared/finding.ts';
import { formatMessage } from '../../shared/messages.ts';

export function findingBody({ code, severity, subject, details }: Finding): FindingBody {
  return {
    code,
    severity,
    subject,
    details,
    text: formatMessage(`findings.${code}`, { path: subject, ...details }),
  };
}
