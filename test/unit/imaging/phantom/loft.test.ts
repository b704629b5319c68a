import { describe, expect, it } from 'vitest';
import { createLoft, FAR, type LoftKeys } from '../../../../src-main/imaging/phantom/loft.ts';
import * as drawing from '../../../../src-main/imaging/phantom/pelvisShapes.ts';
import { smoothMinimum } from '../../../../src-main/imaging/phantom/smoothMinimum.ts';

const cone: LoftKeys = [
  [0, [[10, 0, 4], [20, 0, 4]]],
  [10, [[10, 0, 4], [20, 0, 8]]],
]; // prettier-ignore

describe('createLoft', () => {
  it('measures to the chain of a key section, negative inside', () => {
    const shape = createLoft(cone);
    expect(shape(15, 3, 0)).toBeCloseTo(-1, 9);
    expect(shape(25, 0, 0)).toBeCloseTo(1, 9);
    expect(shape(15, 10, 10)).toBeCloseTo(4, 9);
  });

  it('changes smoothly between key sections and ends with them', () => {
    const shape = createLoft(cone);
    expect(shape(20, 6, 5)).toBeCloseTo(0, 9);
    expect(shape(15, 0, -0.5)).toBe(FAR);
    expect(shape(15, 0, 10.5)).toBe(FAR);
    expect(shape(80, 0, 5)).toBe(FAR);
  });

  it('scales radii by the thickness and leaves gaps open', () => {
    expect(createLoft(cone, 2)(15, 0, 0)).toBeCloseTo(-8, 9);
    const gap = createLoft([[0, [[0, 0, 5], [20, 0, -5]]], [1, [[0, 0, 5], [20, 0, -5]]]], 2); // prettier-ignore
    expect(gap(20, 0, 0)).toBeGreaterThan(0);
  });

  it('refuses sections of different lengths', () => {
    expect(() => createLoft([[0, [[0, 0, 1], [1, 0, 1]]], [5, [[0, 0, 1]]]])).toThrow(RangeError); // prettier-ignore
  });
});

describe('the drawing of the pelvis', () => {
  const shapes: LoftKeys[] = Object.values(drawing)
    .filter((value): value is LoftKeys | readonly LoftKeys[] => Array.isArray(value))
    .flatMap((value) => (typeof value[0]?.[0] === 'number' ? [value as LoftKeys] : (value as LoftKeys[])));

  it('has ascending heights and equal chains in every shape', () => {
    expect(shapes.length).toBeGreaterThan(20);
    for (const keys of shapes) {
      const heights = keys.map(([z]) => z);
      expect(heights).toEqual([...heights].sort((a, b) => a - b));
      expect(new Set(keys.map(([, chain]) => chain.length)).size).toBe(1);
    }
  });
});

describe('smoothMinimum', () => {
  it('is the minimum away from the crease and a quarter of the width below at it', () => {
    expect(smoothMinimum(1, 9, 4)).toBe(1);
    expect(smoothMinimum(3, 3, 4)).toBe(2);
  });
});
