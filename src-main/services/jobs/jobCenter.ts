/** All work the window has started: what runs, what ran lately, and how it is stopped. */
import { randomUUID } from 'node:crypto';
import type { JobSnapshot } from '../../api/contract/jobs.ts';
import { AppError } from '../../shared/appError.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { EventHub } from './eventHub.ts';
import type { JobArchive } from './jobArchive.ts';
import { createJobAnnouncer } from './jobAnnouncer.ts';
import type { PreparedJob, PrepareJob } from './preparedJob.ts';
import { runJob, type RunningJob } from './runningJob.ts';

/** Finished jobs that are remembered. */
const rememberedJobs = 50;
/** How long jobs may take to stop in order when the program ends. */
const closingGraceMs = 20_000;

export interface JobCenter {
  /** Running and remembered jobs, the oldest first. */
  list(): JobSnapshot[];
  /** Throws JOB_NOT_FOUND. */
  get(jobId: string): JobSnapshot;
  /** Throws what preparing throws (BAD_REQUEST …), and JOB_BUSY. */
  start(start: unknown): Promise<JobSnapshot>;
  /** First asks to stop, `force` kills; nothing happens to a finished job. Throws JOB_NOT_FOUND. */
  cancel(jobId: string, force: boolean): JobSnapshot;
  /** Resolves with the finished job. Throws JOB_NOT_FOUND. */
  finished(jobId: string): Promise<JobSnapshot>;
  /** Forgets a finished job. Throws JOB_NOT_FOUND, JOB_BUSY while it runs. */
  remove(jobId: string): Promise<void>;
  log(jobId: string): Promise<string>;
  /** A folder of the job's own, for what the window reads while it runs; goes with the job. */
  scratchDirectory(jobId: string): Promise<string>;
  /** Whether a running job names `id` (a case, a run) as its subject. */
  isWorkingOn(id: string): boolean;
  /** Asks every job to stop, waits, then kills what is left. */
  close(): Promise<void>;
}

export interface JobCenterOptions {
  readonly archive: JobArchive;
  readonly events: EventHub;
  readonly prepare: PrepareJob;
  readonly workerUrl?: URL;
}

/** Takes up the jobs of the last time. */
export async function openJobCenter({
  archive,
  events,
  prepare,
  workerUrl,
}: JobCenterOptions): Promise<JobCenter> {
  const finished = new Map((await archive.load()).map((job) => [job.jobId, job]));
  const running = new Map<string, { readonly job: RunningJob; readonly prepared: PreparedJob }>();
  const announcer = createJobAnnouncer((job) => events.emit({ type: 'job', job }));
  const logs = new Map<string, Promise<void>>();

  const forget = async (jobId: string): Promise<void> => {
    finished.delete(jobId);
    await archive.remove(jobId);
    events.emit({ type: 'job-removed', jobId });
  };
  const prune = async (): Promise<void> => {
    for (const jobId of [...finished.keys()].slice(0, -rememberedJobs)) await forget(jobId);
  };
  /** Lines are written one after the other; a disk that is full costs the log, not the job. */
  const log = (jobId: string, text: string): void => {
    const line = `${new Date().toISOString()} ${text}`;
    const before = logs.get(jobId) ?? Promise.resolve();
    logs.set(
      jobId,
      before.then(() => archive.appendLog(jobId, line)).catch(() => undefined),
    );
  };
  const get = (jobId: string): JobSnapshot => {
    const job = running.get(jobId)?.job.snapshot() ?? finished.get(jobId);
    if (job === undefined) throw new AppError('JOB_NOT_FOUND', { job: jobId });
    return job;
  };

  const conclude = async (prepared: PreparedJob, last: JobSnapshot): Promise<JobSnapshot> => {
    const { jobId } = last;
    log(jobId, last.error ? `failed: ${last.error.code}` : last.status);
    await logs.get(jobId);
    logs.delete(jobId);
    await prepared.cleanUp?.().catch((error: unknown) => log(jobId, `tidying up failed: ${String(error)}`));
    // Who reads of the end must find what it has changed, and the job must be findable throughout.
    finished.set(jobId, last);
    running.delete(jobId);
    await archive.save(last, prepared.isPrivate ?? false).catch(() => undefined);
    announcer.now(last);
    for (const what of prepared.changes ?? []) events.emit({ type: 'changed', what });
    await prune();
    return last;
  };

  await prune();
  const endings = new Map<string, Promise<JobSnapshot>>();
  return {
    list: () => [...finished.values(), ...[...running.values()].map(({ job }) => job.snapshot())],
    get,
    async start(start) {
      const jobId = `job-${randomUUID()}`;
      const prepared = await prepare(start, jobId);
      await archive.directory(jobId);
      const { exclusiveKey } = prepared;
      const holder = [...running.values()].find((one) => isSameKey(one.prepared.exclusiveKey, exclusiveKey));
      if (holder) {
        await archive.remove(jobId);
        throw new AppError('JOB_BUSY', { subject: holder.prepared.subject });
      }
      const job = runJob(prepared, {
        jobId,
        ...(workerUrl === undefined ? {} : { workerUrl }),
        onChange: (snapshot) => {
          if (snapshot.endedAt === null) announcer.soon(snapshot);
        },
        onEvent(event) {
          for (const told of prepared.toServerEvents?.(event) ?? []) events.emit(told);
          if (event.type === 'log') log(jobId, logLine(event));
        },
      });
      running.set(jobId, { job, prepared });
      const first = job.snapshot();
      // A record that cannot be written costs the memory of the job, not the job.
      const saved = archive.save(first, prepared.isPrivate ?? false).catch(() => undefined);
      announcer.now(first);
      endings.set(
        jobId,
        Promise.all([job.ended, saved])
          .then(([last]) => conclude(prepared, last))
          .finally(() => endings.delete(jobId)),
      );
      return first;
    },
    cancel(jobId, force) {
      running.get(jobId)?.job.cancel(force);
      const job = get(jobId);
      if (job.endedAt === null) announcer.now(job);
      return job;
    },
    async finished(jobId) {
      return (await endings.get(jobId)) ?? get(jobId);
    },
    async remove(jobId) {
      if (running.has(jobId)) throw new AppError('JOB_BUSY', { subject: get(jobId).subject });
      get(jobId);
      await forget(jobId);
    },
    async log(jobId) {
      get(jobId);
      await logs.get(jobId);
      return archive.readLog(jobId);
    },
    scratchDirectory: (jobId) => archive.directory(jobId),
    isWorkingOn: (id) =>
      [...running.values()].some(({ prepared }) => prepared.subject.split(/\s+/).includes(id)),
    async close() {
      const waiting = [...endings.values()];
      for (const { job } of running.values()) job.cancel(false);
      const force = setTimeout(() => {
        for (const { job } of running.values()) job.cancel(true);
      }, closingGraceMs);
      await Promise.all(waiting);
      clearTimeout(force);
      announcer.dispose();
    },
  };
}

function isSameKey(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

function logLine({ level, message }: Extract<JobEvent, { type: 'log' }>): string {
  return level === 'warning' ? `warning: ${message}` : message;
}
