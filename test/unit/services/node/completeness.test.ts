import { describe, expect, it } from 'vitest';
import { completeness } from '../../../../src-main/services/node/completeness.ts';

describe('whether a series has come whole', () => {
  const patience = { quietSeconds: 30, longestWaitSeconds: 900 };
  it.each([
    ['images have just come', { images: 10, expected: null, quietSeconds: 5 }, 'coming'],
    [
      'it is quiet and nobody knows how many there are',
      { images: 10, expected: null, quietSeconds: 31 },
      'complete',
    ],
    [
      'all that are known of are there, but it is not quiet',
      { images: 24, expected: 24, quietSeconds: 5 },
      'coming',
    ],
    ['all that are known of are there', { images: 24, expected: 24, quietSeconds: 31 }, 'complete'],
    ['there is none', { images: 0, expected: null, quietSeconds: 31 }, 'coming'],
    ['there is none for long', { images: 0, expected: null, quietSeconds: 901 }, 'incomplete'],
    ['some are missing', { images: 23, expected: 24, quietSeconds: 31 }, 'coming'],
    ['some are missing for long', { images: 23, expected: 24, quietSeconds: 901 }, 'incomplete'],
  ] as const)('is judged when %s', (_name, arrival, expected) => {
    expect(completeness(arrival, patience)).toBe(expected);
  });
});
