import { describe, expect, it } from 'vitest';
import { createWeightMemory } from '../../../../src-main/workflows/train/weightMemory.ts';

describe('the mean of a slice’s maps', () => {
  it('is the plain mean of the first visits and fades after', () => {
    const memory = createWeightMemory(3, [1, 1], 0.75);
    const kept: number[] = [];
    for (let visit = 0; visit < 6; visit++) {
      const [share = NaN] = memory.recall([1]).kept;
      kept.push(share);
      memory.remember([1], Float32Array.of(visit));
    }
    [0, 1 / 2, 2 / 3, 3 / 4, 3 / 4, 3 / 4].forEach((share, visit) =>
      expect(kept[visit]).toBeCloseTo(share, 6),
    );
    expect([...memory.recall([0, 1]).kept]).toEqual([0, 0.75]);
    expect([...memory.recall([0, 1]).maps]).toEqual([0, 5]);
  });
});
