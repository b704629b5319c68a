// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { errorText, language, t } from '../../../src-renderer/lib/i18n.svelte.ts';

beforeEach(() => language.use('en'));

describe('t', () => {
  it('fills in details', () => {
    expect(t('shell.timeLeft', { time: '0:14' })).toBe('0:14 left');
  });

  it('has a form for one', () => {
    expect([t('shell.cases', { count: 1 }), t('shell.cases', { count: 2 })]).toEqual(['1 case', '2 cases']);
  });

  it('follows the language, and says it to the page', () => {
    language.use('de');
    expect(t('shell.cancel')).toBe('Abbrechen');
    expect(document.documentElement.lang).toBe('de');
  });

  it('shows a key that nobody knows as it is', () => {
    expect(t('shell.no-such-key')).toBe('shell.no-such-key');
  });
});

describe('errorText', () => {
  const error = { code: 'CASE_NOT_FOUND', message: 'The workspace has no case 7.', details: { case: '7' } };

  it('is the text of the code in a language that has one', () => {
    language.use('de');
    expect(errorText(error)).toBe('Der Arbeitsordner enthält keinen Fall 7.');
  });

  it('is the English message where the language has no text of its own', () => {
    expect(errorText(error)).toBe('The workspace has no case 7.');
    expect(errorText({ ...error, code: 'NEVER_HEARD_OF' })).toBe(error.message);
  });
});
