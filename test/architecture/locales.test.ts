import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const locales = resolve(root, 'resources/locales');
type Texts = Record<string, string>;
const read = (path: string): Texts => JSON.parse(readFileSync(resolve(locales, path), 'utf8')) as Texts;
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

/** Areas whose English texts are the application's own, in `en.json`. */
const server = JSON.parse(readFileSync(resolve(locales, 'en.json'), 'utf8')) as Record<string, Texts>;
const areas = readdirSync(resolve(locales, 'en')).map((name) => name.replace('.json', ''));
const english: Record<string, Texts> = Object.fromEntries(
  areas.map((area) => [area, read(`en/${area}.json`)]),
);

describe('the languages', () => {
  it.each(areas)('have the same texts of %s', (area) => {
    expect(Object.keys(read(`de/${area}.json`)).sort()).toEqual(Object.keys(english[area]!).sort());
  });

  it.each(areas)('fill in no details that English does not have in %s', (area) => {
    const german = read(`de/${area}.json`);
    const differing = Object.entries(german).filter(([key, text]) =>
      places(text).some((place) => !places(english[area]![key] ?? '').includes(place)),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it.each(areas)('leave nothing empty in %s', (area) => {
    const empty = Object.entries({ ...english[area], ...read(`de/${area}.json`) }).filter(
      ([, text]) => text.trim() === '',
    );
    expect(empty).toEqual([]);
  });
});

describe('the window', () => {
  const sources = readdirSync(resolve(root, 'src-renderer'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path))
    .map((path) => ({
      path,
      text: readFileSync(resolve(root, 'src-renderer', path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''),
    }));
  const known = new Set([
    ...Object.entries(english).flatMap(([area, texts]) => Object.keys(texts).map((key) => `${area}.${key}`)),
    ...Object.entries(server).flatMap(([area, texts]) => Object.keys(texts).map((key) => `${area}.${key}`)),
  ]);

  it('asks only for texts that exist', () => {
    const asked = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => ({ path, key: key! })),
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ key }) => !known.has(key))).toEqual([]);
  });

  it('asks only for families of texts that exist', () => {
    const families = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map(([, start]) => ({ path, start: start! })),
    );
    const keys = [...known];
    expect(families.filter(({ start }) => !keys.some((key) => key.startsWith(start)))).toEqual([]);
  });

  it('names only texts that exist where actions and tables carry keys', () => {
    const areaNames = areas.join('|');
    const named = sources.flatMap(({ path, text }) =>
      [...text.matchAll(new RegExp(`(?:label|text|title|tip): '((?:${areaNames})\\.[\\w.-]+)'`, 'g'))].map(
        ([, key]) => ({ path, key: key! }),
      ),
    );
    expect(named.filter(({ key }) => !known.has(key))).toEqual([]);
  });

  it('has no text that nobody asks for', () => {
    const all = sources.map(({ text }) => text).join('\n');
    const starts = [...all.matchAll(/`([\w-]+\.[^`$]*)\$\{/g)].map(([, start]) => start!);
    const unused = [...known].filter(
      (key) =>
        /^(shell|library)\./.test(key) &&
        !all.includes(`'${key.replace(/\.one$/, '')}'`) &&
        !starts.some((start) => key.startsWith(start)) &&
        !/\.actions$/.test(key),
    );
    expect(unused).toEqual([]);
  });
});
