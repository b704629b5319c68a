/** What the gate says of an MR and a model. Green: as in training. Amber: outside it. Stop: not to be synthesized. Unknown: nobody can tell. */
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { formatMessage } from '../../shared/messages.ts';

export const gateVerdicts = ['green', 'unknown', 'amber', 'stop'] as const;

export const gateCheckSchema = z.object({
  /** Row of the table in `gateChecks.ts`. */
  key: z.string(),
  verdict: z.enum(gateVerdicts),
  /** Its sentence is `findings.<code>` with the details filled in. */
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const gateReportSchema = z.object({
  /** The worst of the checks, where what is not known counts as amber: never a green that nobody has seen. */
  verdict: z.enum(['green', 'amber', 'stop']),
  checks: z.array(gateCheckSchema),
});

/** A report with the reason of whoever went on where it stops; null where nobody had to. */
export const gateOutcomeSchema = gateReportSchema.extend({ override: z.string().nullable() });

export type GateOutcome = z.infer<typeof gateOutcomeSchema>;
export type GateCheckResult = z.infer<typeof gateCheckSchema>;
export type GateReport = z.infer<typeof gateReportSchema>;

/** Shorter ones give no reason. */
export const shortestReason = 10;

/** Why a person goes on where the gate stops; it goes into the audit log, the series and the receipt. */
export const overrideReasonSchema = z.string().trim().min(shortestReason).max(400);

export function reportOf(checks: readonly GateCheckResult[]): GateReport {
  const has = (verdict: GateCheckResult['verdict']): boolean => checks.some((one) => one.verdict === verdict);
  return {
    verdict: has('stop') ? 'stop' : has('amber') || has('unknown') ? 'amber' : 'green',
    checks: [...checks],
  };
}

/**
 * What speaks against the result: a finding for every check that is amber or a stop, one with the reason of an override, and one that
 * lists what is not known.
 */
export function gateFindings({ checks, override }: GateOutcome, subject: string): Finding[] {
  const severity = { amber: 'warning', stop: 'error' } as const;
  const against = checks.flatMap(({ verdict, code, details }): Finding[] =>
    verdict === 'amber' || verdict === 'stop'
      ? [{ code, severity: severity[verdict], subject, details }]
      : [],
  );
  const unknown = checks.flatMap(({ verdict, details }) => (verdict === 'unknown' ? [details['what']] : []));
  return [
    ...against,
    ...(override === null
      ? []
      : [{ code: 'gate-overridden', severity: 'warning' as const, subject, details: { reason: override } }]),
    ...(unknown.length === 0
      ? []
      : [
          {
            code: 'gate-not-known',
            severity: 'info' as const,
            subject,
            details: { what: unknown.join(', ') },
          },
        ]),
  ];
}

/** Throws GATE_STOPPED, with every reason in words, unless nothing stops or someone goes on for the reason `override`. */
export function passGate(report: GateReport, override?: string): GateOutcome {
  const stops = report.checks.filter(({ verdict }) => verdict === 'stop');
  if (stops.length === 0) return { ...report, override: null };
  if (override !== undefined) return { ...report, override };
  const reasons = stops.map(({ code, details }) => formatMessage(`findings.${code}`, details)).join(' ');
  throw new AppError('GATE_STOPPED', { reasons });
}
