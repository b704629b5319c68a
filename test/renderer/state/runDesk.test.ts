// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import quick from '../../../resources/presets/quick.json' with { type: 'json' };
import type { JobSnapshot, ServerEvent } from '../../../src-main/api/contract/jobs.ts';
import type { RunDetail } from '../../../src-main/api/contract/training.ts';

const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000 });

/** The desk is one for the window, so that each test loads the window's state anew; requests are answered from memory. */
async function world() {
  vi.resetModules();
  const { connection } = await import('../../../src-renderer/state/connection.svelte.ts');
  const hear: ((event: ServerEvent) => void)[] = [];
  vi.spyOn(connection, 'listen').mockImplementation((listener) => {
    hear.push(listener);
    return () => undefined;
  });
  const runs: string[] = ['old'];
  const job: JobSnapshot = { jobId: 'job-1', kind: 'train', subject: 'meta', status: 'running', startedAt: '2', endedAt: null, progress: null, secondsLeft: null, memoryMiB: null, heardAt: '', message: null, error: null, result: null }; // prettier-ignore
  const run = (name: string): RunDetail => ({ run: name, createdAt: name, method: 'meta', preset: 'quick', step: 0, totalSteps: 9, epochs: 3, status: 'stopped', cases: { train: 1, meta: 1 }, config: {}, lastPixelHu: null }); // prettier-ignore
  const answer = (path: string): unknown => {
    if (path === '/api/runs') return runs.map(run);
    if (path === '/api/cohort') return { cases: [] };
    if (path === '/api/presets') return [{ name: 'quick', config: quick }];
    if (path === '/api/jobs') return job;
    if (path.includes('/log')) return { next: 0, lines: [] };
    if (path.endsWith('/film'))
      return { slices: [], size: [1, 1], spacingMm: [1, 1], epochs: [], hasWeights: true, warmupEpochs: 0 };
    if (path === '/api/runs/preflight') return { problems: [], neededMiB: 1, freeMiB: 2, device: 'cpu', steps: 9, trainSlices: 3, metaSlices: 1 }; // prettier-ignore
    return run(path.split('/').at(-1) ?? '');
  };
  vi.stubGlobal('fetch', async (path: string) => Response.json(answer(path)));
  const { runDesk } = await import('../../../src-renderer/state/runDesk.svelte.ts');
  const tell = (event: ServerEvent): void => hear.forEach((listen) => listen(event));
  const close = runDesk.open();
  await soon(() => expect(runDesk.form.ready()).toBe(true));
  await soon(() => expect(runDesk.run.name).toBe('old'));
  return { runDesk, runs, job, tell, close };
}

let close = (): void => undefined;
beforeEach(() => vi.unstubAllGlobals());
afterEach(() => close());

describe('a run that was started comes to the front', () => {
  test('when the list learns of it before the job knows its name', async () => {
    const { runDesk, runs, job, tell, ...rest } = await world();
    close = rest.close;
    await runDesk.form.start();
    runs.push('z-new');
    tell({ type: 'changed', what: 'runs' });
    await soon(() => expect(runDesk.list.runs).toHaveLength(2));
    expect(runDesk.run.name).toBe('old');
    tell({ type: 'job', job: { ...job, subject: 'z-new' } });
    await soon(() => expect(runDesk.run.name).toBe('z-new'));
  });

  test('when the job knows its name before the list has it', async () => {
    const { runDesk, runs, job, tell, ...rest } = await world();
    close = rest.close;
    await runDesk.form.start();
    tell({ type: 'job', job: { ...job, subject: 'z-new' } });
    runs.push('z-new');
    tell({ type: 'changed', what: 'runs' });
    await soon(() => expect(runDesk.run.name).toBe('z-new'));
    expect(runDesk.status).toBe('running');
  });
});
