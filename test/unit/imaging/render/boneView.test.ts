import { describe, expect, it } from 'vitest';
import { boneView } from '../../../../src-main/imaging/render/boneView.ts';
import { depthShadow } from '../../../../src-main/imaging/render/depthShadow.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';

const size: Vector3 = [41, 41, 21];
const spacingMm: Vector3 = [1, 1, 2];

/** A ball of 12 mm radius about the centre, soft-edged, so that its surface lies between voxels. */
const ball = Float32Array.from({ length: 41 * 41 * 21 }, (_, at) => {
  const [i, j, k] = [at % 41, Math.floor(at / 41) % 41, Math.floor(at / 41 / 41)];
  const distance = Math.hypot(i - 20, j - 20, 2 * (k - 10));
  return 250 + 100 * (12 - distance);
});
const body = new Uint8Array(ball.length).fill(1);
const view = boneView({
  data: ball,
  size,
  spacingMm,
  body,
  thresholdHu: 250,
  pixelMm: 0.5,
  columns: [0, 40],
});
const at = (xMm: number, zMm: number): number =>
  Math.round(2 * xMm) + view.width * Math.round(2 * (40 - zMm));

describe('boneView', () => {
  it('covers the columns and the height in pixels of the given size', () => {
    expect([view.width, view.height]).toEqual([81, 81]);
  });

  it('sees the near side of a ball, at its place', () => {
    expect(view.depthMm[at(20, 20)]).toBeCloseTo(8, 1);
    expect(view.depthMm[at(26, 20)]).toBeCloseTo(20 - Math.sqrt(144 - 36), 0.5);
    expect(view.depthMm[at(20, 26)]).toBeCloseTo(20 - Math.sqrt(144 - 36), 0.5);
    expect(view.depthMm[at(20, 34)]).toBeNaN();
  });

  it('has normals out of the bone, towards whoever looks', () => {
    const normal = (pixel: number): number[] => [...view.normals.subarray(3 * pixel, 3 * pixel + 3)];
    const [x, y, z] = normal(at(20, 20));
    expect([x, z].map((one) => Math.abs(one!) < 0.05)).toEqual([true, true]);
    expect(y).toBeLessThan(-0.99);
    expect(normal(at(28, 20))[0]).toBeCloseTo(8 / 12, 1);
    expect(normal(at(20, 28))[2]).toBeCloseTo(8 / 12, 1);
  });

  it('sees nothing outside the body', () => {
    const none = boneView({
      ...{ data: ball, size, spacingMm, thresholdHu: 250, pixelMm: 1 },
      body: new Uint8Array(ball.length),
      columns: [0, 40],
    });
    expect(none.depthMm.every(Number.isNaN)).toBe(true);
  });
});

describe('depthShadow', () => {
  it('darkens what lies behind its surroundings and nothing else', () => {
    const depth = Float32Array.from({ length: 31 * 31 }, (_, pixel) => {
      const [x, y] = [pixel % 31, Math.floor(pixel / 31)];
      if (x === 0) return NaN;
      return Math.hypot(x - 15, y - 15) < 3 ? 30 : 10;
    });
    const shadow = depthShadow(depth, 31, 31, 4);
    expect(shadow[15 + 31 * 15]).toBeGreaterThan(10);
    expect(shadow[15 + 31 * 2]).toBeLessThan(0.5);
    expect(shadow[0]).toBe(0);
  });
});
