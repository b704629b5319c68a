import { describe, expect, it } from 'vitest';
import { decodedVolume } from '../../../../src-main/services/library/storedVolume.ts';
import { typicalRange } from '../../../../src-main/services/library/typicalRange.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

/** A slice stack of a round body, by distance from the middle in voxels. */
function round(valueAt: (radius: number) => number, side = 100, slices = 10): Volume<Float32Array> {
  const data = new Float32Array(side * side * slices);
  for (let at = 0; at < data.length; at++) {
    const [i, j] = [at % side, Math.floor(at / side) % side];
    data[at] = valueAt(Math.hypot(i - side / 2, j - side / 2));
  }
  return { grid: { size: [side, side, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }, data };
}
const stored = (volume: Volume) => decodedVolume(volume, '1');

describe('the typical range', () => {
  it('of an MR keeps dark bone inside the body and leaves the air around it out', async () => {
    const mr = round((radius) => (radius < 10 ? 40 : radius < 35 ? 400 : radius < 42 ? 900 : 0));
    expect(await typicalRange(stored(mr), 'signal')).toEqual([40, 900]);
  });

  it('of a CT leaves out the air around the body, however much of it there is', async () => {
    const ct = round((radius) => (radius < 10 ? 1200 : radius < 20 ? 40 : -1000));
    expect(await typicalRange(stored(ct), 'HU')).toEqual([expect.closeTo(40, 0), 1200]);
  });

  it('of large slices is found on a part of their pixels', async () => {
    const mr = round((radius) => (radius < 200 ? 500 + radius : 0), 600, 2);
    const [low, high] = await typicalRange(stored(mr), 'signal');
    expect(low).toBeLessThan(530);
    expect(high).toBeCloseTo(700, -1);
  });

  it('of weights leaves out what was not looked at', async () => {
    const weights = round((radius) => (radius < 30 ? 2 : radius < 40 ? 0.5 : NaN));
    expect(await typicalRange(stored(weights), 'weight')).toEqual([0.5, 2]);
  });

  it('of a mask is 0 to 1, and there is one of anything', async () => {
    expect(await typicalRange(stored(round(() => 1)), 'label')).toEqual([0, 1]);
    expect(await typicalRange(stored(round(() => 7)), 'signal')).toEqual([7, 8]);
    expect(await typicalRange(stored(round(() => NaN)), 'HU')).toEqual([0, 1]);
  });
});
