/** What the gate said, as the window and receipts get it: every check with its sentence. */
import type { GateBody } from '../../api/contract/cases.ts';
import { formatMessage } from '../../shared/messages.ts';
import type { GateOutcome } from '../../workflows/gate/gateReport.ts';

export function gateBody({ verdict, override, checks }: GateOutcome): GateBody {
  return {
    verdict,
    override,
    checks: checks.map(({ key, verdict: own, code, details }) => ({
      key,
      verdict: own,
      code,
      details,
      text: formatMessage(`findings.${code}`, details),
    })),
  };
}
