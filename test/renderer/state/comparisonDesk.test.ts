// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import type { ComparisonSummary } from '../../../src-main/api/contract/comparison.ts';
import { aComparison, aRun, aTestCase } from '../fixtures/comparison.ts';
import { fakeServer, refusal, type FakeServer } from '../fixtures/fakeServer.ts';
import { aJob } from '../fixtures/job.ts';

const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000 });

const job = aJob({ kind: 'compare', subject: 'compare-3' });
let stop: (() => void)[] = [];

/** The desk is one for the window, so that each test loads the window's state anew. */
async function world(routes: FakeServer['routes'] = {}) {
  vi.resetModules();
  const comparisons: ComparisonSummary[] = [aComparison('compare-2'), aComparison('compare-1')];
  const server = fakeServer({
    'GET /api/comparisons': () => ({ comparisons: [...comparisons], canPrint: true }),
    'GET /api/comparisons/runs': () => [aRun('a'), aRun('b')],
    'GET /api/cohort': () => ({ cases: [aTestCase('case-9'), { ...aTestCase('case-1'), role: 'train' }] }),
    'POST /api/jobs': () => job,
    ...routes,
  });
  const { connection } = await import('../../../src-renderer/state/connection.svelte.ts');
  const { app } = await import('../../../src-renderer/state/app.svelte.ts');
  const { notices } = await import('../../../src-renderer/state/notices.svelte.ts');
  const { comparisonDesk: desk } = await import('../../../src-renderer/state/comparisonDesk.svelte.ts');
  stop = [connection.open(), desk.open()];
  await soon(() => expect(desk.loaded).toBe(true));
  await app.load();
  return { server, desk, notices, comparisons };
}

afterEach(() => {
  for (const call of stop) call();
  vi.unstubAllGlobals();
});

test('the newest comparison is in front, and one walks through them', async () => {
  const { desk } = await world();
  expect(desk.shown?.comparisonId).toBe('compare-2');
  desk.move(1);
  desk.move(1);
  expect(desk.front).toBe('compare-1');
  desk.move(-5);
  expect(desk.front).toBe('compare-2');
});

test('compares the chosen runs on the test cases, and shows what comes of it', async () => {
  const { desk, server, comparisons } = await world();
  expect(desk.ready()).not.toBe(true);
  desk.choice.choose(['b', 'a']);
  expect(desk.ready()).toBe(true);
  await desk.start();
  expect(server.requests.find(({ route }) => route === 'POST /api/jobs')?.body).toEqual({
    kind: 'compare',
    runs: ['b', 'a'],
    cases: ['case-9'],
  });
  expect([desk.shown, desk.job?.jobId]).toEqual([null, job.jobId]);
  expect(desk.ready()).not.toBe(true);
  comparisons.unshift(aComparison('compare-3'));
  server.send({ type: 'job', job: { ...job, status: 'done', endedAt: job.heardAt } });
  server.send({ type: 'changed', what: 'comparisons' });
  await soon(() => expect(desk.shown?.comparisonId).toBe('compare-3'));
  expect(desk.ready()).toBe(true);
});

test('a deleted comparison can be brought back', async () => {
  const { desk, server, notices } = await world();
  await desk.remove();
  expect(desk.shown).toBeNull();
  notices.list.at(-1)?.action?.run();
  await soon(() => expect(desk.front).toBe('compare-2'));
  expect(server.requests.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['DELETE /api/comparisons/compare-2', 'POST /api/comparisons/compare-2/restore']),
  );
});

test('says why a file cannot be saved', async () => {
  const { desk, notices } = await world({
    'GET /api/comparisons/compare-2/files/comparison.pdf': () =>
      refusal('COMPARISON_NOT_PRINTED', 422, { reason: 'no paper' }),
  });
  await desk.save('comparison.pdf');
  expect(notices.list.at(-1)).toMatchObject({ tone: 'error' });
  expect(desk.saving).toBeNull();
});
