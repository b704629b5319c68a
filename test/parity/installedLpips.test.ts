/** `ilium weights install` from files that PyTorch wrote, then `ilium evaluate`: the LPIPS in its report against PyTorch's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNifti } from '../../src-main/formats/nifti/writeNifti.ts';
import { createRandom } from '../../src-main/shared/random.ts';
import type { EvaluationReport } from '../../src-main/workflows/evaluate/evaluationReport.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';
import { findTorchPython } from './findTorchPython.ts';
import { readTensors, runOracle, valuesOf, writeTensors } from './oracle.ts';
import { parityTolerances } from './tolerances.ts';

const python = findTorchPython();
if ('reason' in python) console.warn(`Skipped, installed LPIPS against PyTorch: ${python.reason}`);

const [nx, ny, nz] = [52, 44, 6];

describe.skipIf('reason' in python)('LPIPS with installed weights', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-parity-lpips-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what PyTorch finds, from files that PyTorch wrote in both its forms', () => {
    const random = createRandom(6);
    const volumes = ['ct', 'sct'].map((name) => {
      const data = Int16Array.from({ length: nx * ny * nz }, () => Math.round(100 + 400 * random.normal()));
      const path = join(folder, `${name}.nii.gz`);
      // LPS order, so that the stored slices are the axial ones.
      const grid = { size: [nx, ny, nz], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0] } as const;
      writeFileSync(path, writeNifti({ grid, data }, { gzip: true }));
      return { name, path, tensor: { shape: [nz, 1, ny, nx], data: Float32Array.from(data) } };
    });
    const input = writeTensors(
      folder,
      'in.safetensors',
      new Map(volumes.map(({ name, tensor }) => [name, tensor] as const)),
    );
    const given = join(folder, 'given');
    mkdirSync(given);
    runOracle('installed_lpips.py', input, given);
    const env = { ILIUM_WEIGHTS: join(folder, 'weights') };
    const installed = runIlium(['weights', 'install', 'alexnet', 'lpips', '--from', given], { env });
    expect(installed.out).toMatch(/alexnet: 10 tensors installed[^]*nothing vouches for it/);

    const report = runIliumJson<EvaluationReport>(
      ['evaluate', ...volumes.flatMap(({ name, path }) => [`--${name}`, path])],
      { env },
    );
    expect(report.lpips).toMatchObject([{ backbone: 'alex', slices: nz, windowHu: [-1024, 3000] }]);
    expect(report.notInstalled).toEqual([
      { metric: 'LPIPS v0.1 (VGG-16)', install: 'ilium weights install vgg16' },
    ]);
    const [expected = NaN] = valuesOf(readTensors(join(given, 'lpips.safetensors')), 'alex');
    const error = Math.abs((report.lpips[0]?.value ?? NaN) / expected - 1);
    console.info(`LPIPS ${expected.toFixed(4)}, off by ${error.toExponential(1)}`);
    expect(error).toBeLessThanOrEqual(parityTolerances.features);
  });
});
