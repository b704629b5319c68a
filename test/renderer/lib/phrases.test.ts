import { expect, it } from 'vitest';
import { createPhrases } from '../../../src-renderer/lib/phrases.ts';

const { translate, translateExact } = createPhrases({
  'it has {count} dimensions': 'es hat {count} Dimensionen',
  '{path} cannot be read: {reason}.': '{path} ist nicht lesbar: {reason}.',
  '{what} cannot be read': '{what} ist nicht lesbar',
  'held out by the demo': 'von der Demo zurückgehalten',
  'echo {number}': 'Echo {number}',
  '{anything}': 'never',
});

it('translates a sentence with its parts', () => {
  expect(translate('it has 4 dimensions')).toBe('es hat 4 Dimensionen');
});

it('translates a sentence within a sentence', () => {
  expect(translate('/a/b.nii cannot be read: it has 2 dimensions.')).toBe(
    '/a/b.nii ist nicht lesbar: es hat 2 Dimensionen.',
  );
});

it('translates each part of a list', () => {
  expect(translate('echo 1, 320×320, echo 2')).toBe('Echo 1, 320×320, Echo 2');
});

it('leaves alone what it does not know', () => {
  expect(translate('ORT_FAIL 7')).toBe('ORT_FAIL 7');
});

it('takes people at their word: only whole known sentences are translated', () => {
  expect(translateExact('held out by the demo')).toBe('von der Demo zurückgehalten');
  expect(translateExact('it has 4 dimensions')).toBe('it has 4 dimensions');
});

it('writes numbers as the language does', () => {
  const german = createPhrases({ 'slices are {from} to {to} mm apart': 'Abstand {from} bis {to} mm' }, ',');
  expect(german.translate('slices are 5.00 to 20 mm apart')).toBe('Abstand 5,00 bis 20 mm');
});
