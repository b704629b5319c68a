import { describe, expect, it } from 'vitest';
import { figure, signed } from '../../../../src-main/workflows/compare/figures.ts';

describe('figures', () => {
  it('have a sign only where a digit stands behind it', () => {
    expect([figure(-0.0004, 3), figure(-0, 1), figure(-0.0006, 3)]).toEqual(['0.000', '0.0', '−0.001']);
    expect([signed(-0.0004, 3), signed(0.0004, 3), signed(0.0006, 3), signed(-12.34, 1)]).toEqual([
      '0.000',
      '0.000',
      '+0.001',
      '−12.3',
    ]);
    expect([figure(null, 1), signed(undefined, 1)]).toEqual(['–', '–']);
  });
});
