import { describe, expect, it } from 'vitest';
import { randomFeatures } from '../../../../src-main/learn/features/randomFeatures.ts';
import { vggSpecs } from '../../../../src-main/learn/networks/vgg.ts';

describe('random features', () => {
  const specs = vggSpecs(16, 'relu2_2');

  it('are the same for the same seed and differ for another', () => {
    expect(randomFeatures(specs, 1)).toEqual(randomFeatures(specs, 1));
    expect(randomFeatures(specs, 1)).not.toEqual(randomFeatures(specs, 2));
  });

  it('have variance 2 / fan-in and no bias', () => {
    const values = randomFeatures(specs, 1);
    const weights = values.get('features.7.weight') ?? new Float32Array();
    expect(weights).toHaveLength(128 * 128 * 9);
    const variance = weights.reduce((sum, value) => sum + value ** 2, 0) / weights.length;
    expect(variance * (128 * 9)).toBeCloseTo(2, 1);
    expect(values.get('features.7.bias')).toEqual(new Float32Array(128));
  });
});
