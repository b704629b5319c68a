import { expect, test } from 'vitest';
import { dot, type Vector3 } from '../../../src-renderer/lib/geometry.ts';
import {
  cameraFor,
  cameraViews,
  facing,
  orbited,
  project,
  rayAt,
  rightOf,
} from '../../../src-renderer/lib/meshCamera.ts';
import { orientationLetters } from '../../../src-renderer/lib/orientationLetters.ts';
import { pickBone } from '../../../src-renderer/lib/meshPick.ts';
import type { LoadedVolume } from '../../../src-renderer/lib/volume.ts';
import { balls, obliqueAffine } from './spherePhantom.ts';

const bounds = { low: [-100, -60, -80] as const, high: [120, 60, 90] as const };

test.each([
  ['anterior', 'L', 'S'],
  ['posterior', 'R', 'S'],
  ['left', 'P', 'S'],
  ['right', 'A', 'S'],
  ['superior', 'R', 'A'],
  ['inferior', 'L', 'A'],
] as const)('seen from %s, %s is to the right and %s is up', (view, right, up) => {
  const camera = cameraFor(view, bounds, 0.7);
  expect(orientationLetters(rightOf(camera))).toBe(right);
  expect(orientationLetters(camera.up)).toBe(up);
});

test('all corners of the bone are in the picture of every view', () => {
  for (const view of cameraViews) {
    const camera = cameraFor(view, bounds, 0.7);
    for (let corner = 0; corner < 8; corner++) {
      const lps = [0, 1, 2].map(
        (axis) => (corner & (1 << axis) ? bounds.high : bounds.low)[axis]!,
      ) as unknown as Vector3;
      const [x, y] = project(camera, lps);
      expect(Math.abs(x)).toBeLessThan((camera.heightMm * 0.7) / 2);
      expect(Math.abs(y)).toBeLessThan(camera.heightMm / 2);
    }
  }
});

test('dragging to the right brings the front of the bone to the right, and axes stay square', () => {
  const camera = cameraFor('anterior', bounds, 1);
  const turned = orbited(camera, 0.3, 0.2);
  const front: Vector3 = [camera.focal[0], -60, camera.focal[2]];
  expect(project(turned, front)[0]).toBeGreaterThan(0);
  expect(project(turned, front)[1]).toBeLessThan(0);
  expect(dot(turned.direction, turned.up)).toBeCloseTo(0, 12);
  expect(dot(turned.up, turned.up)).toBeCloseTo(1, 12);
});

test('a click on a ball hits its near surface, and the cut lets it through', () => {
  const volume = {
    ...balls([52, 46, 24], obliqueAffine([-5, -38, -32]), [{ centre: [2, -1, 3], radiusMm: 14 }]),
    type: 'float32',
    unit: 'HU',
    typicalRange: [0, 1000],
  } as LoadedVolume;
  const camera = facing(cameraFor('anterior', bounds, 1), [2, -1, 3], [0, -1, 0], 100);
  const spot = pickBone(volume, rayAt(camera, 0, 0), { thresholdHu: 500 })!;
  expect(spot[0]).toBeCloseTo(2, 1);
  expect(spot[1]).toBeCloseTo(-15, 1);
  const clip = { point: [0, 4, 0], normal: [0, 1, 0] } as const;
  expect(pickBone(volume, rayAt(camera, 0, 0), { thresholdHu: 500, clip })![1]).toBeCloseTo(4, 1);
  expect(pickBone(volume, rayAt(camera, 40, 0), { thresholdHu: 500 })).toBeNull();
});
