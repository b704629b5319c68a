/** A check that a number of the MR lies within what training saw, with some slack. */
import type { GateCheck } from './gateCheck.ts';
import type { MrFacts } from './mrFacts.ts';
import type { FactRange, TrainingAcquisition } from './trainingAcquisition.ts';

export interface RangeRow {
  readonly key: string;
  readonly what: string;
  readonly unit: string;
  readonly digits: number;
  readonly read: (facts: MrFacts) => number | null;
  readonly training: (acquisition: TrainingAcquisition) => FactRange | undefined;
  /** Training's range is widened by this share of its ends, and by so many units. */
  readonly slack: { readonly share?: number; readonly units?: number };
}

export function rangeCheck({ key, what, unit, digits, read, training, slack }: RangeRow): GateCheck {
  return {
    key,
    what,
    judge(facts, { training: trained }) {
      const value = read(facts);
      const range = trained?.acquisition && training(trained.acquisition);
      if (value === null) return { verdict: 'unknown', code: 'gate-mr-silent', details: {} };
      if (range === undefined) return { verdict: 'unknown', code: 'gate-model-silent', details: {} };
      const { share = 0, units = 0 } = slack;
      const isInside =
        value >= range.low - share * Math.abs(range.low) - units &&
        value <= range.high + share * Math.abs(range.high) + units;
      const text = (number: number): string => `${number.toFixed(digits)} ${unit}`.trim();
      const details = { value: text(value), low: text(range.low), high: text(range.high) };
      return isInside
        ? { verdict: 'green', code: 'gate-inside', details }
        : { verdict: 'amber', code: 'gate-outside', details };
    },
  };
}
