import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAffine, composeAffine, invertAffine, type Vector3 } from '../../../src-main/shared/affine.ts';
import {
  identityAffine,
  isRigid,
  rigidAffine,
  rigidFromAffine,
  turnAbout,
  turnDegrees,
} from '../../../src-main/shared/rigidTransform.ts';

const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const vector = (limit: number) => fc.tuple(number(limit), number(limit), number(limit));
const motion = fc.record({
  rotationsDegrees: fc.tuple(number(179), number(89), number(179)),
  translationMm: vector(300),
  centreLps: vector(500),
});
const near = (actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void => {
  actual.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(tolerance));
};

describe('a rigid motion', () => {
  it('turns about x, then y, then z through its centre, and then shifts', () => {
    const turned = (rotationsDegrees: Vector3): Vector3 =>
      applyAffine(rigidAffine({ rotationsDegrees, translationMm: [0, 0, 1], centreLps: [10, 0, 0] }), [11, 0, 0]);
    near(turned([90, 0, 0]), [11, 0, 1]);
    near(turned([0, 90, 0]), [10, 0, 0]);
    near(turned([0, 0, 90]), [10, 1, 1]);
    // About x nothing moves, about y it points down, about z that stays.
    near(turned([90, 90, 90]), [10, 0, 0]);
  });

  it('is rigid and has its six numbers about any centre', () => {
    fc.assert(
      fc.property(motion, vector(500), (values, other) => {
        const affine = rigidAffine(values);
        expect(isRigid(affine)).toBe(true);
        near(rigidAffine(rigidFromAffine(affine, other)), affine);
        const again = rigidFromAffine(affine, values.centreLps);
        near(again.translationMm, values.translationMm);
        near(again.rotationsDegrees, values.rotationsDegrees, 1e-4);
      }),
    );
  });

  it('has six numbers where y turns by 90° and x and z are one', () => {
    const affine = rigidAffine({ rotationsDegrees: [20, 90, 50], translationMm: [1, 2, 3], centreLps: [0, 0, 0] });
    near(rigidAffine(rigidFromAffine(affine, [0, 0, 0])), affine);
  });

  it('followed by its inverse moves nothing', () => {
    fc.assert(
      fc.property(motion, (values) => {
        const affine = rigidAffine(values);
        near(composeAffine(invertAffine(affine), affine), identityAffine);
      }),
    );
  });

  it('about an axis is the same as about the coordinate, and has that angle', () => {
    const about = turnAbout([0, 0, 1], 30, [5, 6, 7]);
    near(about, rigidAffine({ rotationsDegrees: [0, 0, 30], translationMm: [0, 0, 0], centreLps: [5, 6, 7] }));
    expect(turnDegrees(about)).toBeCloseTo(30, 9);
    expect(turnDegrees(identityAffine)).toBe(0);
  });

  it.each([
    ['scales', [1.001, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]],
    ['shears', [1, 0.01, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]],
    ['mirrors', [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]],
  ] as const)('is not what a matrix is that %s', (_what, affine) => {
    expect(() => rigidFromAffine(affine, [0, 0, 0])).toThrow(RangeError);
  });
});
