// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { JobSnapshot } from '../../../src-main/api/contract/jobs.ts';
import { connection } from '../../../src-renderer/state/connection.svelte.ts';
import { jobs } from '../../../src-renderer/state/jobs.svelte.ts';
import { fakeServer, type FakeServer } from '../fixtures/fakeServer.ts';
import { aJob } from '../fixtures/job.ts';

let server: FakeServer;
let close: () => void;

async function snapshot(...list: JobSnapshot[]): Promise<void> {
  server.send({ type: 'snapshot', jobs: list });
  await vi.waitFor(() => expect(jobs.list).toHaveLength(list.length));
}

beforeEach(async () => {
  server = fakeServer();
  close = connection.open();
  await snapshot();
});
afterEach(async () => {
  await snapshot();
  close();
  vi.unstubAllGlobals();
});

it('keeps jobs in step with the events, newest first', async () => {
  await snapshot(aJob(), aJob({ jobId: 'job-2', startedAt: '2026-11-22T11:00:00.000Z' }));
  expect(jobs.list.map(({ jobId }) => jobId)).toEqual(['job-2', 'job-1']);
  server.send({ type: 'job', job: aJob({ progress: { step: 'slices', done: 3, total: 9 } }) });
  await vi.waitFor(() => expect(jobs.find('job-1')?.progress?.done).toBe(3));
  server.send({ type: 'job-removed', jobId: 'job-1' });
  await vi.waitFor(() => expect(jobs.list).toHaveLength(1));
});

it('does not overwrite what events have told since with the older answer to the start', async () => {
  server.routes['POST /api/jobs'] = () => {
    server.send({ type: 'job', job: aJob({ status: 'done' }) });
    return new Promise((done) => setTimeout(() => done(aJob()), 20));
  };
  expect(await jobs.start({ kind: 'phantom-study' })).toMatchObject({ status: 'done' });
});

it('gives the end of a job to who waits for it, also when it has ended already', async () => {
  await snapshot(aJob());
  const waiting = jobs.finished('job-1');
  server.send({ type: 'job', job: aJob({ status: 'cancelled' }) });
  expect((await waiting).status).toBe('cancelled');
  expect((await jobs.finished('job-1')).status).toBe('cancelled');
});

it('hears of a job that ended while the connection was lost', async () => {
  await snapshot(aJob());
  const waiting = jobs.finished('job-1');
  await snapshot(aJob({ status: 'failed' }));
  expect((await waiting).status).toBe('failed');
});

it('tells each end once, and nothing of jobs that were over before the window opened', async () => {
  const ended: string[] = [];
  const stop = jobs.onEnd(({ jobId }) => ended.push(jobId));
  await snapshot(aJob({ jobId: 'old', status: 'done' }), aJob({ jobId: 'new' }));
  server.send({ type: 'job', job: aJob({ jobId: 'new', status: 'done' }) });
  server.send({ type: 'job', job: aJob({ jobId: 'new', status: 'done', memoryMiB: 1 }) });
  await vi.waitFor(() => expect(jobs.find('new')?.memoryMiB).toBe(1));
  stop();
  expect(ended).toEqual(['new']);
});

it('asks to stop first and ends at once when told to', async () => {
  server.routes['POST /api/jobs/job-1/cancel'] = () => aJob({ status: 'stopping' });
  await snapshot(aJob());
  await jobs.cancel('job-1');
  await jobs.cancel('job-1', true);
  expect(server.requests.map(({ body }) => body)).toEqual([{ force: false }, { force: true }]);
});

it('tells slices and runs to who listens to that job or run alone', async () => {
  const heard: unknown[] = [];
  const stops = [
    jobs.onSlice('job-1', (slice, total) => heard.push([slice, total])),
    jobs.onRun('run-1', ({ epoch }) => heard.push(epoch)),
  ];
  server.send({ type: 'slice', jobId: 'job-2', slice: 0, total: 5 });
  server.send({ type: 'slice', jobId: 'job-1', slice: 1, total: 5 });
  server.send({ type: 'run', run: 'run-1', step: 10, epoch: 2 });
  await vi.waitFor(() => expect(heard).toEqual([[1, 5], 2]));
  for (const stop of stops) stop();
});
