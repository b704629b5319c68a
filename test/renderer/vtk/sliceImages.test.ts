import { expect, it } from 'vitest';
import { SliceImages } from '../../../src-renderer/vtk/sliceImages.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';
import { header, voxels } from '../fixtures/volumes.ts';

const volume: LoadedVolume = { ...header, data: voxels(0) };

it('a volume that is moved is another image with the same array, so that nothing is uploaded again', () => {
  const images = new SliceImages();
  const moved: LoadedVolume = { ...volume, indexToLps: [0, -1, 0, 7, 1, 0, 0, 8, 0, 0, 2.5, 9] };
  const [first, second] = [images.of(volume), images.of(moved)];
  expect(second).not.toBe(first);
  expect(second.getPointData().getScalars()).toBe(first.getPointData().getScalars());
  expect(second.getOrigin()).toEqual([7, 8, 9]);
  images.keep(new Set([moved]));
  expect(images.size).toBe(1);
  expect(images.of(moved).getPointData().getScalars()).toBe(second.getPointData().getScalars());
});
