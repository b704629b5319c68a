import { expect, it } from 'vitest';
import type { Affine } from '../../../../src-main/shared/affine.ts';
import { stackFacts } from '../../../../src-main/workflows/gate/stackFacts.ts';

it.each<[string, number]>([
  ['a straight', 0],
  ['a tilted', 4],
])('spacing and extent of %s stack are those of its planes', (_what, shift) => {
  const indexToLps: Affine = [1, 0, shift, 0, 0, 1, 0, 0, 0, 0, 3, 0];
  const facts = stackFacts({ size: [8, 8, 10], indexToLps });
  expect(facts.sliceSpacingMm).toBeCloseTo(3, 12);
  expect(facts.extentMm).toBeCloseTo(30, 12);
  expect(facts.tiltDegrees).toBeCloseTo((Math.atan2(shift, 3) * 180) / Math.PI, 9);
});
