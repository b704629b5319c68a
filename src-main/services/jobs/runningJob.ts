/** One job of the window while its worker process runs: keeps its snapshot up to date and says when something has changed. */
import type { JobSnapshot } from '../../api/contract/jobs.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import { errorBody } from './errorBody.ts';
import type { PreparedJob } from './preparedJob.ts';
import { startJob, type JobResult } from './startJob.ts';
import { createTimeLeft } from './timeLeft.ts';

/** A job that was asked to stop finishes its step and writes what it has; the person may end it by force sooner. */
const graceMs = 10 * 60_000;

export interface RunningJob {
  snapshot(): JobSnapshot;
  /** Resolves (never rejects) with the last snapshot. */
  readonly ended: Promise<JobSnapshot>;
  /** First asks to stop; `force` ends the process. */
  cancel(force: boolean): void;
}

export interface RunningJobOptions {
  readonly jobId: string;
  readonly workerUrl?: URL;
  readonly onChange: (job: JobSnapshot) => void;
  readonly onEvent: (event: JobEvent) => void;
}

/** Starts the worker of `prepared`. */
export function runJob(
  prepared: PreparedJob,
  { jobId, workerUrl, onChange, onEvent }: RunningJobOptions,
): RunningJob {
  const stop = new AbortController();
  const kill = new AbortController();
  const timeLeft = createTimeLeft();
  const now = (): string => new Date().toISOString();
  let job: JobSnapshot = {
    jobId,
    kind: prepared.kind,
    subject: prepared.subject,
    status: 'running',
    startedAt: now(),
    endedAt: null,
    progress: null,
    secondsLeft: null,
    memoryMiB: null,
    heardAt: now(),
    message: null,
    error: null,
    result: null,
  };
  let peakMiB: number | undefined;
  const update = (changes: Partial<JobSnapshot>): void => {
    job = { ...job, ...changes };
    onChange(job);
  };
  const hear = (event: JobEvent): void => {
    const heardAt = now();
    const subject = prepared.subjectOf?.(event) ?? null;
    if (subject !== null) job = { ...job, subject };
    if (event.type === 'progress') {
      const { step, done, total } = event;
      const secondsLeft = timeLeft.update({ step, done, total }, performance.now());
      update({ heardAt, progress: { step, done, total }, secondsLeft });
    } else if (event.type === 'log') update({ heardAt, message: event.message });
    else update({ heardAt });
    onEvent(event);
  };

  const end = (changes: Partial<JobSnapshot>): JobSnapshot => {
    const memoryMiB = peakMiB === undefined ? job.memoryMiB : Math.round(peakMiB);
    update({ heardAt: now(), endedAt: now(), secondsLeft: null, memoryMiB, ...changes });
    return job;
  };
  const ended = startJob(prepared.request, {
    signal: stop.signal,
    killSignal: kill.signal,
    graceMs,
    onEvent: hear,
    onMemory: (mebibytes) => update({ heardAt: now(), memoryMiB: Math.round(mebibytes) }),
    onPeakMemory: (mebibytes) => (peakMiB = mebibytes),
    ...(workerUrl === undefined ? {} : { workerUrl }),
  }).then(
    (outcome) => end(endOf(outcome, stop.signal.aborted)),
    (error: unknown) => end({ status: 'failed', error: errorBody(error) }),
  );
  return {
    snapshot: () => job,
    ended,
    cancel(force) {
      if (job.endedAt !== null) return;
      if (!stop.signal.aborted) {
        stop.abort();
        update({ status: 'stopping', secondsLeft: null });
      }
      if (force) kill.abort();
    },
  };
}

/** A job that stopped early with what it has is cancelled all the same; its result says what there is. */
function endOf(outcome: JobResult, wasAsked: boolean): Partial<JobSnapshot> {
  if (outcome.status === 'cancelled') return { status: 'cancelled' };
  return { status: wasAsked ? 'cancelled' : 'done', result: outcome.result };
}
