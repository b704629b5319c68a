import { describe, expect, it } from 'vitest';
import { chooseRule } from '../../../../src-main/services/node/chooseRule.ts';

describe('the rule of a series', () => {
  const facts = { modality: 'MR', description: 'T2_TSE_tra', caller: 'SCANNER' };
  it('is the first that fits, descriptions by expression in capitals or not', () => {
    const rules = [
      { modality: 'CT', model: 'a' },
      { modality: 'MR', caller: 'OTHER', model: 'b' },
      { modality: 'MR', description: '^t2.*tra$', model: 'c' },
      { modality: 'MR', model: 'd' },
    ];
    expect(chooseRule(rules, facts)?.model).toBe('c');
    expect(chooseRule(rules, { ...facts, description: 'localizer' })?.model).toBe('d');
    expect(chooseRule(rules, { ...facts, modality: 'PT' })).toBeUndefined();
  });
});
