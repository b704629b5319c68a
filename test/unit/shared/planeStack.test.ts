import { describe, expect, it } from 'vitest';
import { affineSteps } from '../../../src-main/shared/affine.ts';
import { planeStack } from '../../../src-main/shared/planeStack.ts';

describe('a stack of planes', () => {
  it('has planes as far apart as they are stepped where they are stacked straight', () => {
    const [i, j, k] = affineSteps([0, 2, 0, 7, 0, 0, 3, 8, 1, 0, 0, 9]);
    expect([i, j, k]).toEqual([
      [0, 0, 1],
      [2, 0, 0],
      [0, 3, 0],
    ]);
    expect(planeStack(i, j, k)).toEqual({ distanceMm: 3, tiltDegrees: 0 });
  });

  it.each([
    [[0, 4, 3] as const, 3, 53.1301],
    [[-3, 0, -3] as const, 3, 45],
  ])('stepped by %j has planes %d mm apart and leans by %d degrees', (step, distanceMm, degrees) => {
    const stack = planeStack([1, 0, 0], [0, 1, 0], step);
    expect(stack.distanceMm).toBeCloseTo(distanceMm, 12);
    expect(stack.tiltDegrees).toBeCloseTo(degrees, 4);
  });

  it('is judged by the normal of its planes, also where rows and columns are at no right angle', () => {
    expect(planeStack([1, 0, 0], [0.6, 0.8, 0], [0, 0, 2])).toEqual({ distanceMm: 2, tiltDegrees: 0 });
  });
});
