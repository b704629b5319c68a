import { expect, it } from 'vitest';
import { modelFacts } from '../../../src-renderer/lib/modelFacts.ts';

it('a card says what its model is for, what its features came from and what else is to be known', () => {
  const card = {
    intendedUse: 'Research only.',
    training: { config: { features: 'random' }, notes: ['Why.'] },
  };
  expect(modelFacts(card)).toEqual({ intendedUse: 'Research only.', features: 'random', notes: ['Why.'] });
});

it('a card of another maker, or of before there were features, says what it has', () => {
  const nothing = { intendedUse: null, features: null, notes: [] };
  expect(modelFacts({})).toEqual(nothing);
  expect(modelFacts({ training: null })).toEqual(nothing);
  expect(modelFacts({ training: { notes: 'one', config: { features: 'clip' } } })).toEqual(nothing);
});
