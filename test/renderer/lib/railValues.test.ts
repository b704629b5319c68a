// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { language } from '../../../src-renderer/lib/i18n.svelte.ts';
import { formatRailValue, railWidths } from '../../../src-renderer/lib/railValues.ts';

beforeEach(() => language.use('en'));
const error = { kind: 'error', values: [30, 45, 60, NaN] } as const;
const bone = { kind: 'bone', values: [0, 0.05, 0.1, NaN] } as const;

it('spreads errors between the smallest and the largest, so that slices differ', () => {
  const widths = railWidths({ ...error, values: [30, 45, ...Array<number>(60).fill(60), 900, NaN] });
  expect([0, 1, 2, 62, 63].map((slice) => Number(widths[slice]!.toFixed(3)))).toEqual([0.15, 0.575, 1, 1, 0]);
});

it('counts bone from none', () => {
  expect(railWidths(bone)).toEqual([0, 0.5, 1, 0]);
});

it('shows slices that are all alike as such', () => {
  expect(railWidths({ ...error, values: [30, 30] })).toEqual([1, 1]);
  expect(railWidths({ ...bone, values: [0, 0] })).toEqual([0, 0]);
});

it('says values with their unit', () => {
  expect([0, 3].map((slice) => formatRailValue(error, slice))).toEqual(['30 HU', '–']);
  expect(formatRailValue(bone, 1)).toBe('5.0 %');
});
