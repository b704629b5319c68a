import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import {
  listWeightedRuns,
  readWeightVolume,
  runWithWeights,
} from '../../../../src-main/services/library/weightVolume.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'ilium-runs-'));
});
afterEach(() => rmSync(runs, { recursive: true }));

const mrGrid: Grid = { size: [6, 5, 3], indexToLps: [2, 0, 0, -10, 0, 2, 0, -20, 0, 0, 4, 30] };

/** A finished run on one case, cropped to 4 × 2 pixels from column 1 and row 2 on; slices 0 and 2 were watched, 0 twice. */
function writeRun(name: string, createdAt: string): void {
  mkdirSync(join(runs, name));
  const config = { preset: 'of an older version', spacingMm: [2, 2], cropPx: [4, 2] };
  const cached = { caseId: 'case-1', count: 3, sha256: '', left: 1, top: 2 };
  const record = {
    schemaVersion: 1,
    runId: name,
    createdAt,
    config,
    cases: { train: [cached], meta: [{ ...cached, caseId: 'case-2' }] },
    dataFingerprint: '',
    intensityProfile: { mean: [], largestDistance: 0 },
  };
  writeFileSync(join(runs, name, 'run.json'), JSON.stringify(record));
  const weight = Float32Array.from({ length: 16 }, (_, at) => (at < 8 ? 2 * at : at));
  const bytes = encodeSafetensors(
    new Map([
      ['visits', { shape: [2], data: Float32Array.of(2, 0) }],
      ['weight', { shape: [2, 2, 4], data: weight }],
    ]),
    { slices: JSON.stringify([0, 2].map((slice) => ({ caseId: 'case-1', slice }))) },
  );
  writeFileSync(join(runs, name, 'weights.safetensors'), bytes);
}

describe('the weight map of a case', () => {
  it('is the mean over the visits, on the crop of the model grid; NaN where the run did not look', async () => {
    writeRun('one', '2026-01-01T00:00:00.000Z');
    const [run] = await listWeightedRuns(runs);
    const { grid, data } = await readWeightVolume(run!, 'case-1', mrGrid);
    expect(grid).toEqual({ size: [4, 2, 3], indexToLps: [2, 0, 0, -8, 0, 2, 0, -16, 0, 0, 4, 30] });
    expect([...data.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...data.subarray(8)].every(Number.isNaN)).toBe(true);
  });

  it('is of the newest finished run that trained on the case', async () => {
    writeRun('older', '2026-01-01T00:00:00.000Z');
    writeRun('newer', '2026-02-01T00:00:00.000Z');
    writeRun('unfinished', '2026-03-01T00:00:00.000Z');
    rmSync(join(runs, 'unfinished', 'weights.safetensors'));
    writeRun('broken', '2026-04-01T00:00:00.000Z');
    writeFileSync(join(runs, 'broken', 'run.json'), '{}');
    const found = await listWeightedRuns(runs);
    expect(found.map(({ folder }) => basename(folder))).toEqual(['newer', 'older']);
    expect(runWithWeights(found, 'case-1')).toBe(found[0]);
    expect(runWithWeights(found, 'case-2')).toBeUndefined();
  });
});
