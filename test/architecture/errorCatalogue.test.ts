import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src-main/shared/errorCatalogue.ts';
import { errorTable } from './errorTable.ts';

interface Locale {
  errors: Record<string, string>;
  findings: Record<string, string>;
}

const root = resolve(import.meta.dirname, '../..');
const codes = Object.keys(errorCatalogue).sort();
const readText = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const readLocale = (name: string): Locale => JSON.parse(readText(`resources/locales/${name}`)) as Locale;
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

const english = readLocale('en.json');
// The folders beside them hold the window's own texts.
const locales = readdirSync(resolve(root, 'resources/locales')).filter((name) => name.endsWith('.json'));
const sources = readdirSync(resolve(root, 'src-main'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('errorCatalogue.ts'))
  .map((path) => readText(`src-main/${path}`))
  .join('\n');

describe.each(locales)('%s', (name) => {
  const locale = readLocale(name);

  it('has a text for every error code and no other', () => {
    expect(Object.keys(locale.errors).sort()).toEqual(codes);
  });

  it('has the same findings and the same places to fill as English', () => {
    for (const section of ['errors', 'findings'] as const) {
      expect(Object.keys(locale[section]).sort()).toEqual(Object.keys(english[section]).sort());
      for (const [key, text] of Object.entries(locale[section])) {
        expect(places(text), key).toEqual(places(english[section][key]!));
      }
    }
  });

  it('keeps every text to one line', () => {
    const texts = [...Object.values(locale.errors), ...Object.values(locale.findings)];
    expect(texts.filter((text) => /\n/.test(text) || text.trim() !== text)).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('equals the table in the README', () => {
    expect(readText('README.md')).toContain(errorTable());
  });

  it('knows every code the sources throw', () => {
    const thrown = [...sources.matchAll(/new AppError\(\s*'(\w+)'/g)].map(([, code]) => code!);
    expect(thrown.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('has a text for every finding the sources report', () => {
    const reported = [...sources.matchAll(/code: '([a-z]+(?:-[a-z0-9]+)+)'/g)].map(([, code]) => code!);
    expect(reported.filter((code) => !(code in english.findings))).toEqual([]);
  });
});
