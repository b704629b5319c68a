/** English texts of the window by key, as `t` reads them there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.ts';

const areas = new Map<string, Readonly<Record<string, string>>>();

/** Throws for a key that does not exist, so that a test cannot look for nothing. */
export function text(key: string, details: Readonly<Record<string, string | number>> = {}): string {
  const [area = '', ...rest] = key.split('.');
  const texts = areas.get(area) ?? readArea(area);
  const template = texts[rest.join('.')];
  if (template === undefined) throw new Error(`There is no text ${key}.`);
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}

function readArea(area: string): Readonly<Record<string, string>> {
  const path = join(root, `resources/locales/en/${area}.json`);
  const texts = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>;
  areas.set(area, texts);
  return texts;
}
