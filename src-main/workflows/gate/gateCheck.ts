/** A row of the gate's table: what is looked at, and what is said of it. */
import type { ModelCard } from '../model/modelCard.ts';
import type { GateCheckResult } from './gateReport.ts';
import type { MrFacts } from './mrFacts.ts';

export type Judgement = Pick<GateCheckResult, 'verdict' | 'code' | 'details'>;

export interface GateCheck {
  readonly key: string;
  /** What is checked, in a word or two of English; `phrases` of the locales translate it. */
  readonly what: string;
  readonly judge: (facts: MrFacts, card: ModelCard) => Judgement;
}
