import { describe, expect, it } from 'vitest';
import { learningRateFactor } from '../../../src-main/learn/schedule.ts';

describe('the learning rate', () => {
  const factors = Array.from({ length: 100 }, (_, epoch) => learningRateFactor(epoch, 50, 50));
  const at = (epoch: number): number => factors[epoch - 1]!; // 1-based, as pGAN's options count

  it('is constant up to epoch 49 and begins to fall at epoch 50', () => {
    expect(factors.slice(0, 49)).toEqual(Array(49).fill(1));
    expect(at(50)).toBeCloseTo(50 / 51, 14);
    expect(at(51)).toBeCloseTo(49 / 51, 14);
  });

  it('falls by the same amount each epoch and is 0 in the last one', () => {
    for (let epoch = 50; epoch < 100; epoch++) expect(at(epoch) - at(epoch + 1)).toBeCloseTo(1 / 51, 14);
    expect(at(99)).toBeCloseTo(1 / 51, 14);
    expect(at(100)).toBe(0);
  });

  it('stays constant without decay epochs', () => {
    expect([0, 1, 9].map((epoch) => learningRateFactor(epoch, 10, 0))).toEqual([1, 1, 1]);
  });
});
