// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatFigures,
  formatHeard,
  formatHu,
  formatSpacing,
  formatTimeLeft,
} from '../../../src-renderer/lib/format.ts';
import { language } from '../../../src-renderer/lib/i18n.svelte.ts';

beforeEach(() => language.use('en'));

describe('figures', () => {
  it('carry a true minus sign, and none for a rounded zero', () => {
    expect(formatHu(-15)).toBe('−15 HU');
    expect(formatHu(-0.2)).toBe('0 HU');
  });

  it('carry their sign where they are differences', () => {
    expect(formatHu(15, { signed: true })).toBe('+15 HU');
    expect(formatHu(0.2, { signed: true })).toBe('0 HU');
  });

  it('have the digits that count, however small they are', () => {
    expect([286.4, 4.21, 0.0441, 0.002, 0].map((value) => formatFigures(value, 2))).toEqual([
      '286',
      '4.2',
      '0.044',
      '0.0020',
      '0',
    ]);
    expect([1.23e-5, 2e-5, -4.56e-4].map((value) => formatFigures(value, 2))).toEqual([
      '1.2e−5',
      '2e−5',
      '−4.6e−4',
    ]);
  });

  it('follow the language', () => {
    language.use('de');
    expect(formatSpacing([1.25, 1.25, 2.5])).toBe('1,25 × 1,25 × 2,5 mm');
    expect(formatTimeLeft(14)).toBe('noch 0:14');
  });

  it.each([
    [0, '0 B'],
    [1536, '2 kB'],
    [1.9 * 1024 ** 3, '1.9 GB'],
    [412 * 1024 ** 2, '412 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [14, '0:14'],
    [185, '3:05'],
    [34_800, '9 h 40 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('count the seconds since a sign of life', () => {
    expect(formatHeard('2026-11-22T10:00:00.000Z', Date.parse('2026-11-22T10:00:03.000Z'))).toBe(
      'heard 3 s ago',
    );
  });
});
