import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { keyOf, recordWithKey } from '../../../../src-main/services/compare/comparedFiles.ts';
import { orFailure, type CompareFailure } from '../../../../src-main/services/compare/compareFailure.ts';
import { findChromium } from '../../../../src-main/services/compare/findChromium.ts';
import { printPdf } from '../../../../src-main/services/compare/printPdf.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { runCost } from '../../../../src-main/workflows/compare/runCost.ts';
import { runPaths } from '../../../../src-main/workflows/train/runFolder.ts';
import { openTinyWorkspace, trainTinyRun } from '../../../fixtures/tinyWorkspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'ilium-compared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

describe('a kept result', () => {
  const schema = z.object({ key: z.string(), value: z.number() });
  const path = join(folder, 'record.json');

  it('counts while what it was made from is the same', async () => {
    const key = keyOf({ mr: 'a', ct: 'b', version: 1 });
    expect(keyOf({ version: 1, ct: 'b', mr: 'a' })).toBe(key);
    expect(keyOf({ mr: 'a', ct: 'c', version: 1 })).not.toBe(key);
    writeFileSync(path, JSON.stringify({ key, value: 7 }));
    expect(await recordWithKey(path, schema, key)).toEqual({ key, value: 7 });
    expect(await recordWithKey(path, schema, 'other')).toBeUndefined();
  });

  it('that is missing or damaged is made again', async () => {
    expect(await recordWithKey(join(folder, 'none.json'), schema, 'k')).toBeUndefined();
    writeFileSync(path, '{"key": "k", "value":');
    expect(await recordWithKey(path, schema, 'k')).toBeUndefined();
  });
});

describe('orFailure', () => {
  it('notes what a person can act on and lets everything else through', async () => {
    const failures: CompareFailure[] = [];
    const about = { run: 'r', caseId: 'c' };
    const fail = (error: Error) => orFailure<number>(about, failures, () => Promise.reject(error));
    expect(await fail(new AppError('VOLUME_EMPTY', { path: 'x' }))).toBeUndefined();
    expect(failures).toEqual([{ ...about, message: expect.stringContaining('x') }]);
    await expect(fail(new TypeError('a fault'))).rejects.toThrow('a fault');
    await expect(fail(new AppError('DISK_FULL', { path: 'x' }))).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});

describe('printPdf', () => {
  it('takes the Chromium that is named', async () => {
    expect(await findChromium({ CHROMIUM: '/somewhere/chromium' })).toBe('/somewhere/chromium');
  });

  it('says in one sentence what to do when nothing was printed', async () => {
    vi.stubEnv('CHROMIUM', join(folder, 'no-such-program'));
    const said = await printPdf(join(folder, 'a.html'), join(folder, 'a.pdf'), new AbortController().signal);
    expect(said).toMatch(/^No PDF: .*open .*a\.html in a browser and print it to PDF\.$/);
  });
});

describe('runCost', () => {
  it('tells steps, pace, memory and what differs from the preset', async () => {
    const tiny = await openTinyWorkspace();
    try {
      const cost = await runCost(runPaths(await trainTinyRun(tiny, 'run', 'meta', 5)));
      expect(cost).toMatchObject({
        run: 'run',
        method: 'meta',
        preset: 'quick',
        steps: 5,
        totalSteps: 8,
        features: 'none',
        cases: { train: 2, meta: 1 },
        differences: { cropPx: [32, 32], batchSize: 2 },
      });
      expect(cost.differences).not.toHaveProperty('seed');
      expect(cost.secondsPerStep).toBeGreaterThan(0);
      expect(cost.fastSecondsPerStep).toBeLessThanOrEqual(cost.secondsPerStep!);
      expect(cost.warmupSecondsPerStep).toBeNull();
      expect(cost.peakMemoryMiB).toBeGreaterThan(50);
    } finally {
      tiny.dispose();
    }
  });

  it('keeps the pace of the warm-up apart from the method’s own', async () => {
    const tiny = await openTinyWorkspace();
    try {
      const paths = runPaths(await trainTinyRun(tiny, 'run', 'meta', 1));
      const record = JSON.parse(readFileSync(paths.record, 'utf8')) as { config: object };
      // Two epochs of which one is warm-up: 4 steps, then 4.
      writeFileSync(
        paths.record,
        JSON.stringify({ ...record, config: { ...record.config, warmupEpochs: 1 } }),
      );
      const steps = [1, 1, 1, 1, 5, 7, 9].map((seconds, at) => ({
        type: 'step',
        step: at + 1,
        seconds,
        memoryMiB: 60,
      }));
      writeFileSync(paths.log, steps.map((line) => JSON.stringify(line)).join('\n'));
      expect(await runCost(paths)).toMatchObject({
        ...{ warmupSecondsPerStep: 1, secondsPerStep: 7, seconds: 25 },
        fastSecondsPerStep: expect.closeTo(5.2),
        fastSeconds: expect.closeTo(4 * 1 + 3 * 5.2),
      });
    } finally {
      tiny.dispose();
    }
  });
});
