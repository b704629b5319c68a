import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodedVolume } from '../../../../src-main/services/library/storedVolume.ts';
import { drawThumbnail } from '../../../../src-main/services/library/thumbnail.ts';
import { affineFromAxes, applyAffine, type Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';

/** Bright where the patient is left and anterior of the origin. */
function leftAnterior(grid: Grid): Volume<Float32Array> {
  const [nx, ny, nz] = grid.size;
  const data = new Float32Array(nx * ny * nz);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const [x, y] = applyAffine(grid.indexToLps, [i, j, k]);
        data[i + nx * (j + ny * k)] = x > 0 && y < 0 ? 100 : 0;
      }
  return { grid, data };
}

const [x, y, z]: Vector3[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
const minus = ([a, b, c]: Vector3): Vector3 => [-a, -b, -c];

async function draw(grid: Grid, range: readonly [number, number] = [0, 100]): Promise<PNG> {
  return PNG.sync.read(Buffer.from(await drawThumbnail(decodedVolume(leftAnterior(grid), '1'), range)));
}
const grey = ({ data, width }: PNG, column: number, row: number): number => data[4 * (row * width + column)]!;

describe('a thumbnail', () => {
  it.each([
    ['axial', [40, 20, 4], affineFromAxes([-39, -19, 0], [2, 2, 5], [x!, y!, z!])],
    [
      'axial, seen from above',
      [40, 20, 4],
      affineFromAxes([39, -19, 0], [2, 2, 5], [minus(x!), y!, minus(z!)]),
    ],
    ['sagittal', [20, 30, 40], affineFromAxes([-39, -19, 60], [2, 2, 2], [y!, minus(z!), x!])],
    ['coronal', [40, 30, 20], affineFromAxes([-39, 19, 60], [2, 2, 2], [x!, minus(z!), minus(y!)])],
  ] as const)("shows the patient's left on the right and anterior up: %s", async (_, size, indexToLps) => {
    const png = await draw({ size, indexToLps });
    expect([png.width, png.height]).toEqual([192, 96]);
    expect([grey(png, 150, 20), grey(png, 40, 20), grey(png, 150, 70), grey(png, 40, 70)]).toEqual([
      255, 0, 0, 0,
    ]);
  });

  it('keeps the aspect of millimetres, not of voxels', async () => {
    const png = await draw({
      size: [40, 20, 3],
      indexToLps: affineFromAxes([-20, -40, 0], [1, 4, 5], [x!, y!, z!]),
    });
    expect([png.width, png.height]).toEqual([48, 96]);
  });

  it('maps the range to black and white, and keeps to it', async () => {
    const grid: Grid = {
      size: [40, 20, 1],
      indexToLps: affineFromAxes([-39, -19, 0], [2, 2, 5], [x!, y!, z!]),
    };
    expect(grey(await draw(grid, [0, 200]), 150, 20)).toBe(128);
    expect(grey(await draw(grid, [-500, 50]), 150, 20)).toBe(255);
    expect(grey(await draw(grid, [200, 300]), 150, 20)).toBe(0);
  });
});
