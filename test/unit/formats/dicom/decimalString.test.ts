import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalString } from '../../../../src-main/formats/dicom/decimalString.ts';

describe('decimalString', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [-3.333333333333333e-8, '-3.3333333333e-8'],
    [-1 / 3, '-0.3333333333333'],
    [-1.25e300, '-1.25e+300'],
    [123456789012345680000, '1.23456789012e20'],
  ])('writes %d as %s', (value, text) => {
    expect(decimalString(value)).toBe(text);
  });

  it('keeps at least nine digits of any number in at most 16 characters', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        const written = decimalString(value);
        expect(written).toMatch(/^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/);
        expect(written.length).toBeLessThanOrEqual(16);
        expect(Math.abs(Number(written) - value)).toBeLessThanOrEqual(
          1e-8 * Math.abs(value) + Number.MIN_VALUE,
        );
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  it('refuses what is no number', () => {
    expect(() => decimalString(NaN)).toThrow(RangeError);
  });
});
