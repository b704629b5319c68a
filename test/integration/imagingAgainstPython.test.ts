/** Resampling between oblique grids against scipy. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resampleVolume } from '../../src-main/imaging/resample/resampleVolume.ts';
import { affineFromAxes, composeAffine, invertAffine } from '../../src-main/shared/affine.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import type { Grid } from '../../src-main/shared/volume.ts';
import { findPython, runPython } from '../fixtures/python.ts';

const modules = ['numpy', 'scipy'];
const folder = mkdtempSync(join(tmpdir(), 'ilium-resample-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const reference = `
import sys, json, numpy as np
from scipy.ndimage import map_coordinates
folder, job = sys.argv[1], json.loads(sys.argv[2])
source = np.fromfile(f'{folder}/source.f32', dtype=np.float32).reshape(job['from'][::-1])
m = np.array(job['affine']).reshape(3, 4)
k, j, i = np.meshgrid(*(np.arange(n) for n in job['to'][::-1]), indexing='ij')
at = m[:, :3] @ np.stack([i, j, k]).reshape(3, -1) + m[:, 3:]
limits = np.array(job['from'])[:, None]
inside = ((at >= -0.5) & (at <= limits - 0.5)).all(0)
values = map_coordinates(source.astype(float), at[::-1], order=job['order'], mode='nearest')
np.where(inside, values, -1000).astype(np.float32).tofile(f'{folder}/target.f32')
`;

describe.runIf(findPython(modules) !== null)('resampleVolume', () => {
  const random = createRandom(8);
  const source: Grid = {
    size: [37, 29, 11],
    indexToLps: affineFromAxes([-30, -22, -14], [1.7, 1.6, 3.1], [[0.96, 0.28, 0], [-0.28, 0.96, 0], [0, 0, 1]]), // prettier-ignore
  };
  const target: Grid = {
    size: [33, 41, 14],
    indexToLps: affineFromAxes([-40.013, -30.027, -16.041], [2.1, 1.4, 2.6], [[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]]), // prettier-ignore
  };
  const data = Float32Array.from({ length: 37 * 29 * 11 }, () => 500 * random.normal());

  it.each([
    ['linear', 1],
    ['nearest', 0],
  ] as const)('equals %s interpolation by scipy between oblique grids', (interpolation, order) => {
    writeFileSync(join(folder, 'source.f32'), new Uint8Array(data.buffer));
    const affine = composeAffine(invertAffine(source.indexToLps), target.indexToLps);
    const job = JSON.stringify({ from: source.size, to: target.size, affine, order });
    runPython(reference, { modules, args: [folder, job] });
    const expected = new Float32Array(new Uint8Array(readFileSync(join(folder, 'target.f32'))).buffer);
    const ours = resampleVolume({ grid: source, data }, target, { interpolation, outside: -1000 });
    expect(expected.filter((value) => value !== -1000).length).toBeGreaterThan(3000);
    const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - ours.data[at]!)), 0);
    // Places within 1e-4 voxel of a centre are taken as the centre, which is worth up to 0.3 here.
    expect(worst).toBeLessThan(interpolation === 'linear' ? 0.5 : 1e-6);
  });
});
