import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startJob, type JobOptions, type JobResult } from '../../../../src-main/services/jobs/startJob.ts';
import type { JobEvent } from '../../../../src-main/shared/jobEvent.ts';

const fixtures = resolve(import.meta.dirname, '../../../fixtures');
const workerUrl = new URL('../../../fixtures/testWorker.ts', import.meta.url);
const run = (kind: string, params: unknown = null, options: JobOptions = {}): Promise<JobResult> =>
  startJob({ kind, params }, { workerUrl, ...options });

/** Runs a job and cancels it as soon as it reports progress. */
function runAndCancel(kind: string, graceMs: number): Promise<JobResult> {
  const controller = new AbortController();
  return run(kind, null, { graceMs, signal: controller.signal, onEvent: () => controller.abort() });
}

describe('startJob', () => {
  it('runs in another process and carries typed arrays and events, a diverged loss too', async () => {
    const events: JobEvent[] = [];
    const { result } = (await run('double', new Float32Array([1, 2.5]), {
      onEvent: (event) => events.push(event),
    })) as { result: { twice: Float32Array; pid: number } };
    expect(result.twice).toEqual(new Float32Array([2, 5]));
    expect(result.pid).not.toBe(process.pid);
    expect(events).toEqual([
      { type: 'progress', step: 'doubling', done: 1, total: 2 },
      { type: 'log', level: 'warning', message: 'half way', data: { loss: NaN } },
    ]);
  });

  it('tells the largest memory of the worker', async () => {
    const peaks: number[] = [];
    await run('double', new Float32Array([1]), { onPeakMemory: (mebibytes) => peaks.push(mebibytes) });
    expect(peaks).toHaveLength(1);
    expect(peaks[0]).toBeGreaterThan(20);
    expect(peaks[0]).toBeLessThan(4096);
  });

  it.skipIf(process.platform === 'win32')(
    'shows signs of life while work blocks the worker',
    async () => {
      const heard: number[] = [];
      const started = performance.now();
      await run('blocked', 4000, { onMemory: (mebibytes) => heard.push(mebibytes) });
      expect(performance.now() - started).toBeLessThan(20_000);
      expect(heard.length).toBeGreaterThanOrEqual(2);
      expect(Math.min(...heard)).toBeGreaterThan(20);
    },
    30_000,
  );

  it('brings an AppError back with its code and details', async () => {
    await expect(run('refuse')).rejects.toMatchObject({
      name: 'AppError',
      code: 'CASE_NOT_FOUND',
      details: { case: 'case-7' },
      message: 'The workspace has no case case-7.',
    });
  });

  it('reports a fault of ours as INTERNAL with the stack of the worker', async () => {
    const error = await run('fault').catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: 'INTERNAL', details: { reason: 'not a function' } });
    expect((error as Error & { cause: Error }).cause.stack).toContain('testWorker.ts');
  });

  it('refuses a kind that is not in the table', async () => {
    await expect(run('toString')).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('says how a crashed worker ended, with its last words', async () => {
    await expect(run('crash')).rejects.toMatchObject({ code: 'WORKER_ENDED' });
    await expect(run('crash')).rejects.toThrow(/SIGABRT/);
    await expect(run('exit')).rejects.toThrow(/exit code 7/);
  });

  it('returns what a job has when it stops because it was asked to', async () => {
    expect(await runAndCancel('untilAsked', 30_000)).toEqual({
      status: 'done',
      result: { stoppedAtStep: 3 },
    });
  });

  it('is cancelled when the job ends with the abort itself', async () => {
    expect(await runAndCancel('throwWhenAsked', 30_000)).toEqual({ status: 'cancelled', forced: false });
  });

  it('kills a job that does not stop within the grace', async () => {
    expect(await runAndCancel('deaf', 50)).toEqual({ status: 'cancelled', forced: true });
  });

  it('does not start at all when the signal is aborted already', async () => {
    expect(await run('crash', null, { signal: AbortSignal.abort() })).toEqual({
      status: 'cancelled',
      forced: false,
    });
  });

  it('ends the worker when the parent is killed', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', resolve(fixtures, 'testParent.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const { data } = JSON.parse(line.toString()) as { data: { pid: number } };
    expect(isAlive(data.pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(data.pid), { timeout: 10_000, interval: 20 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
