import { expect, it } from 'vitest';
import { parseNumber } from '../../../src-renderer/lib/parseNumber.ts';

it.each([
  ['250', 250],
  ['1,5', 1.5],
  [' −12.5 ', -12.5],
  ['.5', 0.5],
  ['1.234,5', 1234.5],
  ['1,234.5', 1234.5],
  ['1e-4', 1e-4],
  ['', null],
  ['12 mm', null],
  ['1-2', null],
])('reads “%s” as %s', (text, number) => {
  expect(parseNumber(text)).toBe(number);
});
