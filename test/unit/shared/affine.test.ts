import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  affineAxes,
  affineDeterminant,
  affineFromAxes,
  affineSpacing,
  applyAffine,
  composeAffine,
  invertAffine,
  type Affine,
  type Vector3,
} from '../../../src-main/shared/affine.ts';

const oblique = affineFromAxes(
  [-90, 40, 12.5],
  [0.5, 0.75, 3],
  [
    [1, 0, 0],
    [0, Math.cos(0.3), Math.sin(0.3)],
    [0, -Math.sin(0.3), Math.cos(0.3)],
  ],
);
const expectClose = (actual: Vector3, expected: Vector3): void =>
  actual.forEach((value, axis) => expect(value).toBeCloseTo(expected[axis]!, 9));

describe('an affine', () => {
  it('puts the origin at index (0, 0, 0) and steps by spacing along its axes', () => {
    expectClose(applyAffine(oblique, [0, 0, 0]), [-90, 40, 12.5]);
    expectClose(applyAffine(oblique, [2, 0, 0]), [-89, 40, 12.5]);
    expectClose(applyAffine(oblique, [0, 0, 1]), [-90, 40 - 3 * Math.sin(0.3), 12.5 + 3 * Math.cos(0.3)]);
  });

  it('gives back the spacing and axes it was made from', () => {
    expectClose(affineSpacing(oblique), [0.5, 0.75, 3]);
    expectClose(affineAxes(oblique)[1], [0, Math.cos(0.3), Math.sin(0.3)]);
    expect(affineDeterminant(oblique)).toBeCloseTo(0.5 * 0.75 * 3, 12);
  });

  it('refuses to invert a singular matrix', () => {
    expect(() => invertAffine([1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0])).toThrow(RangeError);
  });

  it('composed with its inverse leaves points where they are', () => {
    const element = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(element, { minLength: 12, maxLength: 12 }), (values) => {
        // The large diagonal keeps every matrix well conditioned.
        const affine = values.map((value, at) => (at % 5 === 0 ? value + 40 : value)) as unknown as Affine;
        expectClose(applyAffine(composeAffine(invertAffine(affine), affine), [1, -2, 3]), [1, -2, 3]);
      }),
      { seed: 7 },
    );
  });

  it('applies the second of a composition first', () => {
    const shift: Affine = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0];
    const scale: Affine = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0];
    expect(applyAffine(composeAffine(scale, shift), [0, 0, 0])).toEqual([2, 0, 0]);
    expect(applyAffine(composeAffine(shift, scale), [0, 0, 0])).toEqual([1, 0, 0]);
  });
});
