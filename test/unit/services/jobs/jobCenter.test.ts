import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSnapshot, ServerEvent } from '../../../../src-main/api/contract/jobs.ts';
import { createEventHub } from '../../../../src-main/services/jobs/eventHub.ts';
import { createJobArchive } from '../../../../src-main/services/jobs/jobArchive.ts';
import { openJobCenter, type JobCenter } from '../../../../src-main/services/jobs/jobCenter.ts';
import { processMark } from '../../../../src-main/workflows/files/processMark.ts';
import { prepareTestJob, testWorkerUrl, type TestStart } from '../../../fixtures/apiWorld.ts';

let root: string;
let center: JobCenter;
let told: ServerEvent[];

async function open(): Promise<JobCenter> {
  told = [];
  const events = createEventHub();
  events.subscribe((event) => told.push(event));
  const archive = createJobArchive(root);
  return openJobCenter({ archive, events, prepare: prepareTestJob, workerUrl: testWorkerUrl });
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ilium-jobs-'));
  center = await open();
});
afterEach(async () => {
  await center.close();
  rmSync(root, { recursive: true });
});

const start = (given: TestStart): Promise<JobSnapshot> => center.start(given);
const run = async (given: TestStart): Promise<JobSnapshot> => center.finished((await start(given)).jobId);
const double = { work: 'double', request: { kind: 'double', params: new Float32Array([1, 2.5]) } };
const started = async (jobId: string): Promise<void> => {
  await expect.poll(() => center.get(jobId).progress?.step, { timeout: 20_000 }).toBe('waiting');
};

describe('a job of the window', () => {
  it('ends with its result, its last message, its progress and the memory it took', async () => {
    const job = await run({ ...double, changes: ['cases', 'cohort'] });
    expect(job).toMatchObject({
      kind: 'rank',
      subject: 'case-1',
      status: 'done',
      progress: { step: 'doubling', done: 1, total: 2 },
      secondsLeft: null,
      message: 'half way',
      error: null,
      result: { twice: new Float32Array([2, 5]) },
    });
    expect(job.memoryMiB).toBeGreaterThan(20);
    expect(Date.parse(job.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
    expect(await center.log(job.jobId)).toMatch(/^\S+Z warning: half way\n\S+Z done\n$/);
    const last = told.slice(-3).map((event) => (event.type === 'job' ? event.job.status : event));
    expect(last).toEqual(['done', { type: 'changed', what: 'cases' }, { type: 'changed', what: 'cohort' }]);
  });

  it('tells what it works out as it goes', async () => {
    await run({
      ...double,
      toServerEvents: (event) =>
        event.type === 'progress' ? [{ type: 'slice', jobId: 'job-1', slice: event.done, total: 2 }] : [],
    });
    expect(told).toContainEqual({ type: 'slice', jobId: 'job-1', slice: 1, total: 2 });
  });

  it('says why it failed, in the code and the words of the error', async () => {
    expect(await run({ work: 'refuse' })).toMatchObject({
      status: 'failed',
      error: {
        code: 'CASE_NOT_FOUND',
        message: 'The workspace has no case case-7.',
        details: { case: 'case-7' },
      },
    });
    expect(await run({ work: 'crash' })).toMatchObject({ status: 'failed', error: { code: 'WORKER_ENDED' } });
  });

  it('that is asked to stop keeps what it has', async () => {
    const { jobId } = await start({ work: 'untilAsked' });
    await started(jobId);
    expect(center.cancel(jobId, false)).toMatchObject({ status: 'stopping', endedAt: null });
    expect(await center.finished(jobId)).toMatchObject({ status: 'cancelled', result: { stoppedAtStep: 3 } });
    expect(center.cancel(jobId, true)).toMatchObject({ status: 'cancelled' });
  });

  it('that does not listen is killed in the second stage', async () => {
    const { jobId } = await start({ work: 'deaf' });
    await started(jobId);
    center.cancel(jobId, false);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(center.get(jobId)).toMatchObject({ status: 'stopping', endedAt: null });
    center.cancel(jobId, true);
    expect(await center.finished(jobId)).toMatchObject({ status: 'cancelled', error: null });
  });

  it('shows its memory and a sign of life every second', async () => {
    const { jobId } = await start({ work: 'untilAsked' });
    await expect.poll(() => center.get(jobId).memoryMiB, { timeout: 20_000 }).toBeGreaterThan(20);
    const { heardAt, startedAt } = center.get(jobId);
    expect(Date.parse(heardAt)).toBeGreaterThan(Date.parse(startedAt));
    center.cancel(jobId, true);
  });

  it('tidies up after itself in whichever way it ends', async () => {
    const tidied: string[] = [];
    const cleanUp = (name: string) => () => Promise.resolve(tidied.push(name)).then(() => undefined);
    await run({ ...double, cleanUp: cleanUp('done') });
    await run({ work: 'refuse', cleanUp: cleanUp('failed') });
    await run({ ...double, cleanUp: () => Promise.reject(new Error('no')) });
    expect(tidied).toEqual(['done', 'failed']);
  });
});

describe('the job center', () => {
  it('refuses a second job on the same thing, and names what the first works on', async () => {
    const { jobId } = await start({ work: 'untilAsked', exclusiveKey: 'run:one', subject: 'one' });
    await expect(
      start({ work: 'untilAsked', exclusiveKey: 'run:one', subject: 'another' }),
    ).rejects.toMatchObject({
      code: 'JOB_BUSY',
      details: { subject: 'one' },
    });
    expect(readdirSync(root)).toEqual([jobId]);
    const other = await start({ work: 'untilAsked', exclusiveKey: 'run:two' });
    for (const one of [jobId, other.jobId]) center.cancel(one, true);
  });

  it('starts one of two that are asked for at the same time', async () => {
    const both = [1, 2].map(() => start({ work: 'untilAsked', exclusiveKey: 'run:one' }));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('remembers the last fifty finished jobs, over a restart', async () => {
    const first = await run({ work: 'refuse' });
    const archive = createJobArchive(root);
    for (let at = 0; at < 50; at++) {
      const jobId = `job-${String(at).padStart(36, '0')}`;
      await archive.save({ ...first, jobId, startedAt: `2999-01-01T00:00:${at}.000Z` }, false);
    }
    center = await open();
    expect(center.list()).toHaveLength(50);
    expect(() => center.get(first.jobId)).toThrow('There is no job');
    expect(existsSync(join(root, first.jobId))).toBe(false);
  });

  it('finds a job that ran when the program died again as failed', async () => {
    const job = await run(double);
    const path = join(root, job.jobId, 'job.json');
    const dead = { ...job, status: 'running', endedAt: null, result: null };
    writeFileSync(
      path,
      JSON.stringify({ schemaVersion: 1, owner: `${processMark.split('-')[0]!}-999999999`, job: dead }),
    );
    center = await open();
    expect(center.get(job.jobId)).toMatchObject({
      status: 'failed',
      error: { code: 'WORKER_ENDED', details: { reason: 'the program ended' } },
    });
  });

  it('leaves alone what another window of the workspace is doing', async () => {
    const { jobId } = await start({ work: 'untilAsked' });
    const other = await open();
    expect(other.list()).toEqual([]);
    expect(center.get(jobId).endedAt).toBeNull();
  });

  it('clears away records it cannot read, but not the folder of a job that only just begins', async () => {
    const { jobId } = await run(double);
    writeFileSync(join(root, jobId, 'job.json'), 'torn');
    expect((await open()).list()).toEqual([]);
    expect(readdirSync(root)).toEqual([jobId]);
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(join(root, jobId), twoHoursAgo, twoHoursAgo);
    expect((await open()).list()).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  it('writes no result, message or detail of a private job to disk', async () => {
    const job = await run({ work: 'refuse', isPrivate: true });
    expect(job.error?.details).toEqual({ case: 'case-7' });
    const done = await run({ ...double, isPrivate: true });
    expect(done.result).not.toBeNull();
    const texts = [job, done].map(({ jobId }) => readFileSync(join(root, jobId, 'job.json'), 'utf8'));
    for (const text of texts) expect(text).not.toMatch(/case-7|twice|half way/);
  });

  it('asks every job to stop when the program ends, and waits for them', async () => {
    const jobs = await Promise.all([start({ work: 'untilAsked' }), start({ work: 'throwWhenAsked' })]);
    for (const { jobId } of jobs) await started(jobId);
    await center.close();
    for (const { jobId } of jobs) expect(center.get(jobId)).toMatchObject({ status: 'cancelled' });
  });
});
