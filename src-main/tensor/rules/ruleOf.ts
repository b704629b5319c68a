import type { OperationKind } from '../tensor.ts';
import { elementwiseRules } from './elementwiseRules.ts';
import { layoutRules } from './layoutRules.ts';
import { linearRules } from './linearRules.ts';
import type { Rule, Rules } from './rule.ts';

const rules: Rules<OperationKind> = { ...elementwiseRules, ...linearRules, ...layoutRules };

/** The rule of a primitive; every kind of operation has one (checked by the compiler). */
export function ruleOf(kind: OperationKind): Rule {
  // The table is keyed by kind, so the rule for `kind` takes exactly that kind's operation; TypeScript cannot follow the correlation.
  return rules[kind] as Rule;
}
