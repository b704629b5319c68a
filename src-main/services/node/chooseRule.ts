import type { NodeRule } from './nodeConfig.ts';

/** What rules look at. */
export interface SeriesFacts {
  readonly modality: string;
  readonly description: string;
  readonly caller: string;
}

/** The first rule that is for such a series. */
export function chooseRule(rules: readonly NodeRule[], facts: SeriesFacts): NodeRule | undefined {
  return rules.find(
    ({ modality, description, caller }) =>
      modality === facts.modality &&
      (caller === undefined || caller === facts.caller) &&
      (description === undefined || new RegExp(description, 'i').test(facts.description)),
  );
}
