import type { ModelCard } from '../model/modelCard.ts';
import { gateChecks } from './gateChecks.ts';
import { reportOf, type GateReport } from './gateReport.ts';
import type { MrFacts } from './mrFacts.ts';

/** An MR against a model's card, check by check. */
export function judgeMr(facts: MrFacts, card: ModelCard): GateReport {
  return reportOf(
    gateChecks.map(({ key, what, judge }) => {
      const { verdict, code, details } = judge(facts, card);
      return { key, verdict, code, details: { what, ...details } };
    }),
  );
}
