import { expect, test } from 'vitest';
import { boneDice } from '../../../src-main/imaging/metrics/boneDice.ts';
import { surfaceDistance } from '../../../src-main/imaging/metrics/surfaceDistance.ts';
import { resampleVolume } from '../../../src-main/imaging/resample/resampleVolume.ts';
import { affineOf } from '../../../src-renderer/lib/geometry.ts';
import { compareBone } from '../../../src-renderer/lib/meshAgreement.ts';
import { boneOnGrid } from '../../../src-renderer/lib/meshMask.ts';
import { finish } from '../../../src-renderer/lib/meshTypes.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';
import { balls, obliqueAffine } from './spherePhantom.ts';

const spacingMm = [1, 1.2, 2.5] as const;
const size = [44, 40, 20] as const;
const grid = { size, indexToLps: [1, 0, 0, 0, 0, 1.2, 0, 0, 0, 0, 2.5, 0] };
const loaded = (volume: ReturnType<typeof balls>): LoadedVolume =>
  ({ ...volume, type: 'float32', unit: 'HU', typicalRange: [0, 1000] }) as LoadedVolume;
const ct = loaded(balls(size, grid.indexToLps, [{ centre: [20, 24, 24], radiusMm: 14 }]));
const sct = loaded(
  balls([50, 42, 26], obliqueAffine([16, -14, -12]), [
    { centre: [22, 23, 25], radiusMm: 13 },
    { centre: [8, 30, 20], radiusMm: 4 },
  ]),
);

test('Dice and surface distances are those of the evaluation, on another grid too', () => {
  const [first, second] = [finish(boneOnGrid(ct, grid, 500)), finish(boneOnGrid(sct, grid, 500))];
  const found = finish(compareBone(first, second, size, spacingMm));
  const resampled = resampleVolume(
    { grid: { size: sct.size, indexToLps: affineOf(sct) }, data: sct.data },
    { size, indexToLps: affineOf(grid) },
    { interpolation: 'linear', outside: -1024 },
  ).data;
  const all = new Uint8Array(first.length).fill(1);
  const above = (values: ArrayLike<number>): Uint8Array =>
    Uint8Array.from(values, (hu) => (hu > 500 ? 1 : 0));
  const expected = surfaceDistance(above(ct.data), above(resampled), size, spacingMm);
  expect(found.dice).toBeCloseTo(boneDice(ct.data, resampled, all, 500)!, 10);
  expect(found.meanMm).toBeCloseTo(expected!.meanMm, 4);
  expect(found.hd95Mm).toBeCloseTo(expected!.hd95Mm, 4);
});

test('no bone at all has no figures, one-sided bone a Dice of 0', () => {
  const none = new Uint8Array(size[0] * size[1] * size[2]);
  const some = finish(boneOnGrid(ct, grid, 500));
  expect(finish(compareBone(none, none, size, spacingMm))).toEqual({
    dice: null,
    meanMm: null,
    hd95Mm: null,
  });
  expect(finish(compareBone(some, none, size, spacingMm))).toEqual({ dice: 0, meanMm: null, hd95Mm: null });
});
