import { expect, test } from 'vitest';
import { largestPart } from '../../../src-renderer/lib/meshParts.ts';
import { finish, type MeshVolume } from '../../../src-renderer/lib/meshTypes.ts';
import { largestComponent } from '../../../src-main/imaging/mask/largestComponent.ts';
import { balls } from './spherePhantom.ts';

const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

test('of two balls the larger stays', () => {
  const volume = balls([40, 20, 20], affine, [
    { centre: [8, 10, 10], radiusMm: 5 },
    { centre: [28, 10, 10], radiusMm: 7 },
  ]);
  const part = finish(largestPart(volume, 500));
  expect(part[28 + 40 * (10 + 20 * 10)]).toBe(1);
  expect(part[8 + 40 * (10 + 20 * 10)]).toBe(0);
});

test('it is the part the evaluation finds, on noise too', () => {
  let seed = 3;
  const size = [17, 13, 11] as const;
  const data = Int16Array.from({ length: 17 * 13 * 11 }, () => (seed = (seed * 16807) % 2147483647) % 1000);
  const volume: MeshVolume = { size, indexToLps: affine, data };
  for (const threshold of [500, 650, 800]) {
    const mask = Uint8Array.from(data, (value) => (value > threshold ? 1 : 0));
    const [part, expected] = [finish(largestPart(volume, threshold)), largestComponent(mask, size)];
    const count = (voxels: Uint8Array): number => voxels.reduce((sum, value) => sum + value, 0);
    expect(count(part)).toBe(count(expected));
  }
});

test('only the voxels allowed count', () => {
  const volume = balls([20, 10, 10], affine, [{ centre: [10, 5, 5], radiusMm: 4 }]);
  const within = Uint8Array.from(volume.data, (_, at) => (at % 20 < 10 ? 1 : 0));
  const part = finish(largestPart(volume, 500, within));
  expect(part.some((value, at) => value !== 0 && at % 20 >= 10)).toBe(false);
  expect(part.some((value) => value !== 0)).toBe(true);
});
