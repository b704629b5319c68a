import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../src-renderer/styles/tokens.css'), 'utf8');

function tokensOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]): [string, string] => [
      name!,
      value!,
    ]),
  );
}

const dark = tokensOf(':root');
const light = { ...dark, ...tokensOf(":root[data-theme='light']") };

/** Relative luminance of WCAG 2.2 of `#rgb` or `#rrggbb`. */
function luminance(hex: string): number {
  const digits = hex.slice(1);
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  expect(full, hex).toMatch(/^[0-9a-f]{6}$/i);
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = parseInt(full.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

const onChrome = ['text', 'muted', 'mr', 'ct', 'sct', 'accent', 'ok', 'warn', 'stop'];
const onView = ['on-view', 'on-view-muted', 'view-mr', 'view-ct', 'view-sct'];
const texts = [
  ...onChrome.flatMap((name) => ['bg', 'panel', 'raised'].map((ground) => [name, ground] as const)),
  ...onView.map((name) => [name, 'view'] as const),
  ['on-accent', 'accent'] as const,
];

describe.each([
  ['dark', dark],
  ['light', light],
])('the %s palette', (_, tokens) => {
  it.each(texts)('lets %s be read on %s', (text, ground) => {
    expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['bg', 'panel', 'raised'])('shows the focus on %s', (ground) => {
    expect(contrast(tokens['focus']!, tokens[ground]!)).toBeGreaterThanOrEqual(3);
  });
});
