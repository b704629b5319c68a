import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src-main/shared/random.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, createRandom(seed).uniform);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('continues from a saved state, also in the middle of normal draws', () => {
    const random = createRandom(11);
    random.normal();
    const state = random.state();
    const next = [random.normal(), random.uniform(), random.integer(1000)];
    const resumed = createRandom(state);
    expect([resumed.normal(), resumed.uniform(), resumed.integer(1000)]).toEqual(next);
  });

  it('has the moments of a uniform and a normal distribution', () => {
    const random = createRandom(5);
    const count = 20_000;
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const uniform = Array.from({ length: count }, () => random.uniform());
    const normal = Array.from({ length: count }, () => random.normal());
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean(normal))).toBeLessThan(0.02);
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(0.04);
  });

  it('shuffles without loss and leaves its argument alone', () => {
    const items = Array.from({ length: 50 }, (_value, index) => index);
    const shuffled = createRandom(1).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
    expect(items[0]).toBe(0);
  });
});
