import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyMask } from '../../../../src-main/imaging/mask/bodyMask.ts';
import { squaredDistance } from '../../../../src-main/imaging/mask/distanceTransform.ts';
import { fillHoles } from '../../../../src-main/imaging/mask/fillHoles.ts';
import { largestComponent } from '../../../../src-main/imaging/mask/largestComponent.ts';
import { close, dilate, erode } from '../../../../src-main/imaging/mask/morphology.ts';
import { otsuThreshold } from '../../../../src-main/imaging/mask/otsuThreshold.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';

function bruteDistance(mask: Uint8Array, [nx, ny, nz]: Vector3, spacing: Vector3): number[] {
  const place = (at: number): number[] => [at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
  return Array.from({ length: nx * ny * nz }, (_, at) => {
    let best = Infinity;
    mask.forEach((value, other) => {
      if (!value) return;
      const [a, b] = [place(at), place(other)];
      let sum = 0;
      // An axis of infinite spacing is crossed by nothing, not even by zero steps of infinite length.
      for (let n = 0; n < 3; n++) if (a[n] !== b[n]) sum += ((a[n]! - b[n]!) * spacing[n]!) ** 2;
      best = Math.min(best, sum);
    });
    return best;
  });
}

describe('squaredDistance', () => {
  it('equals the brute-force distance for any mask and spacing', () => {
    const side = fc.integer({ min: 1, max: 7 });
    const spacing = fc.constantFrom(0.5, 1, 2.5, Infinity);
    fc.assert(
      fc.property(
        fc.tuple(side, side, side),
        fc.tuple(spacing, spacing, spacing),
        fc.integer(),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (size, steps, seed, share) => {
          const random = createRandom(seed);
          const mask = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () =>
            random.uniform() < share ? 1 : 0,
          );
          const expected = bruteDistance(mask, size, steps);
          squaredDistance(mask, size, steps).forEach((value, at) => {
            if (expected[at] === Infinity) expect(value).toBe(Infinity);
            else expect(value).toBeCloseTo(expected[at]!, 4);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('morphology', () => {
  it('dilates a voxel to the ellipsoid of its radii', () => {
    const mask = new Uint8Array(9 * 9 * 5);
    mask[4 + 9 * (4 + 9 * 2)] = 1;
    const grown = dilate(mask, [9, 9, 5], [3, 2, 1]);
    grown.forEach((value, at) => {
      const [i, j, k] = [(at % 9) - 4, (Math.floor(at / 9) % 9) - 4, Math.floor(at / 81) - 2];
      expect(value).toBe((i / 3) ** 2 + (j / 2) ** 2 + k ** 2 <= 1 ? 1 : 0);
    });
  });

  it('erodes from inside only, not from the border of the grid', () => {
    expect(erode(new Uint8Array(27).fill(1), [3, 3, 3], [1, 1, 1]).every((value) => value === 1)).toBe(true);
    const dented = new Uint8Array(25).fill(1);
    dented[12] = 0;
    expect([...erode(dented, [5, 5, 1], [1, 1, 0])].filter((value) => value === 0).length).toBe(5);
  });

  it('closing keeps the mask and fills a gap narrower than the ellipsoid', () => {
    const row = Uint8Array.from([1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
    expect([...close(row, [15, 1, 1], [2, 0, 0])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
  });
});

describe('largestComponent', () => {
  it('keeps the largest face-connected part', () => {
    // A U of five voxels, a diagonal neighbour that does not touch it by a face, and a bar of four.
    const mask = Uint8Array.from([
      1, 0, 1, 0, 1,
      1, 1, 1, 0, 1,
      0, 0, 0, 1, 1,
    ]); // prettier-ignore
    expect([...largestComponent(mask, [5, 3, 1])]).toEqual([1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('gives nothing for an empty mask', () => {
    expect(largestComponent(new Uint8Array(8), [2, 2, 2]).some((value) => value !== 0)).toBe(false);
  });
});

describe('fillHoles', () => {
  it('fills a ring in each slice and leaves a bay open', () => {
    const ring = [1, 1, 1, 1, 0, 1, 1, 1, 1];
    const bay = [1, 1, 1, 1, 0, 1, 1, 0, 1];
    expect([...fillHoles([...ring, ...bay], [3, 3, 2])]).toEqual([...ring.map(() => 1), ...bay]);
  });
});

describe('otsuThreshold', () => {
  it('separates two classes and is not moved by a few outliers', () => {
    const random = createRandom(3);
    const values = Float32Array.from({ length: 4000 }, (_, n) => (n % 2 ? 100 : 20) + 4 * random.normal());
    values[7] = 1e6;
    const threshold = otsuThreshold(values);
    expect(threshold).toBeGreaterThan(35);
    expect(threshold).toBeLessThan(90);
  });

  it('has no threshold for constant or non-finite values', () => {
    expect(otsuThreshold([3, 3, 3])).toBeNull();
    expect(otsuThreshold([NaN])).toBeNull();
    expect(otsuThreshold([])).toBeNull();
  });
});

/** An elliptic body of radii 40 × 30 mm on a 2 × 2 × 5 mm grid, with noise, a dark cavity and a bright bottle beside it. */
function phantomBody(): Volume<Float32Array> {
  const random = createRandom(1);
  const size: Vector3 = [64, 48, 5];
  const data = new Float32Array(64 * 48 * 5);
  let at = 0;
  for (let k = 0; k < 5; k++) {
    for (let j = 0; j < 48; j++) {
      for (let i = 0; i < 64; i++, at++) {
        const [x, y] = [(i - 31) * 2, (j - 24) * 2];
        const body = (x / 40) ** 2 + (y / 30) ** 2 <= 1;
        const cavity = (x - 5) ** 2 + y ** 2 < 64;
        data[at] = (body && !cavity ? 300 : 0) + Math.abs(15 * random.normal());
        if (Math.hypot(x + 58, y + 40) < 5) data[at] = 500;
      }
    }
  }
  return { grid: { size, indexToLps: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 5, 0] }, data };
}
const areaMm2 = (mask: Volume<Uint8Array>): number => (mask.data.reduce((sum, v) => sum + v, 0) * 4) / 5;

describe('bodyMask', () => {
  it('finds the skin with its cavities filled when nothing is dilated', () => {
    const mask = bodyMask(phantomBody(), { dilationMm: 0 });
    expect(areaMm2(mask) / (Math.PI * 40 * 30)).toBeCloseTo(1, 1);
    expect(mask.data[36 + 64 * (24 + 48 * 2)]).toBe(1);
  });

  it('lies two dilations outside the skin by default, and leaves out what is not the body', () => {
    const volume = phantomBody();
    const mask = bodyMask(volume);
    const row = Array.from(mask.data.subarray(64 * (24 + 48 * 2), 64 * (25 + 48 * 2)));
    const [first, last] = [row.indexOf(1), row.lastIndexOf(1)];
    expect((last - first) * 2).toBeGreaterThanOrEqual(2 * (40 + 20) - 6);
    expect((last - first) * 2).toBeLessThanOrEqual(2 * (40 + 20) + 4);
    const separate = bodyMask(volume, { dilationMm: 2 });
    expect(separate.data[2 + 64 * (4 + 48 * 2)]).toBe(0);
  });

  it('says so when there is no body', () => {
    const empty = phantomBody();
    empty.data.fill(7);
    expect(() => bodyMask(empty)).toThrow(/No body was found in the MR/);
    empty.data.fill(NaN);
    expect(() => bodyMask(empty, { subject: 'case 4' })).toThrow(/case 4/);
  });
});
