/** Long work: every job the application knows, newest first, kept in step by its events. */
import type { JobSnapshot, JobStart, ServerEvent } from '../../src-main/api/contract/jobs.ts';
import { client } from '../lib/client.ts';
import { Listeners } from '../lib/listeners.ts';
import { connection } from './connection.svelte.ts';

type SliceListener = (slice: number, total: number) => void;
type RunListener = (at: { readonly step: number; readonly epoch: number }) => void;

/** Whether a job has come to an end. */
export function isOver(job: JobSnapshot): boolean {
  return job.status === 'done' || job.status === 'cancelled' || job.status === 'failed';
}

class Jobs {
  list = $state.raw<readonly JobSnapshot[]>([]);
  /** Whether the tray is open. */
  trayOpen = $state(false);
  readonly running = $derived(this.list.filter((job) => !isOver(job)));

  private readonly sliceListeners = new Listeners<string, SliceListener>();
  private readonly runListeners = new Listeners<string, RunListener>();
  private readonly endListeners = new Listeners<'end', (job: JobSnapshot) => void>();
  private readonly waiting = new Listeners<string, (job: JobSnapshot) => void>();
  /** Jobs whose end has been told; those that were over in the first snapshot are old news. */
  private readonly told = new Set<string>();

  constructor() {
    connection.listen((event) => this.hear(event));
  }

  /** Starts a job; throws `ClientError` when it is refused. */
  async start(start: JobStart): Promise<JobSnapshot> {
    const job = await client.post<JobSnapshot>('/api/jobs', start);
    // Its events may have come before this answer: they know more.
    if (!this.find(job.jobId)) this.put(job);
    return this.find(job.jobId) ?? job;
  }

  /** Asks a job to stop in order; `force` ends it at once. */
  async cancel(jobId: string, force = false): Promise<void> {
    this.put(await client.post<JobSnapshot>(`/api/jobs/${jobId}/cancel`, { force }));
  }

  /** Forgets a finished job. */
  async dismiss(jobId: string): Promise<void> {
    await client.remove(`/api/jobs/${jobId}`);
    this.drop(jobId);
  }

  find(jobId: string): JobSnapshot | undefined {
    return this.list.find((job) => job.jobId === jobId);
  }

  /** The job as it ended: done, cancelled or failed. */
  async finished(jobId: string): Promise<JobSnapshot> {
    const known = this.find(jobId);
    if (known && isOver(known)) return known;
    return new Promise((resolve) => {
      const stop = this.waiting.add(jobId, (job) => {
        stop();
        resolve(job);
      });
    });
  }

  /** Hears of every slice a `generate` job has finished. */
  onSlice(jobId: string, listener: SliceListener): () => void {
    return this.sliceListeners.add(jobId, listener);
  }

  /** Hears of a run's new log lines and epochs. */
  onRun(run: string, listener: RunListener): () => void {
    return this.runListeners.add(run, listener);
  }

  /** Hears of every job that ends while the window is open. */
  onEnd(listener: (job: JobSnapshot) => void): () => void {
    return this.endListeners.add('end', listener);
  }

  private hear(event: ServerEvent): void {
    if (event.type === 'snapshot') {
      const before = new Set(this.running.map(({ jobId }) => jobId));
      for (const job of event.jobs) if (isOver(job) && !before.has(job.jobId)) this.told.add(job.jobId);
      this.list = [...event.jobs].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
      for (const job of this.list) this.tellEnd(job);
    } else if (event.type === 'job') this.put(event.job);
    else if (event.type === 'job-removed') this.drop(event.jobId);
    else if (event.type === 'slice') {
      for (const listener of this.sliceListeners.of(event.jobId)) listener(event.slice, event.total);
    } else if (event.type === 'run') {
      for (const listener of this.runListeners.of(event.run)) listener(event);
    }
  }

  private put(job: JobSnapshot): void {
    const known = this.list.some(({ jobId }) => jobId === job.jobId);
    this.list = known
      ? this.list.map((other) => (other.jobId === job.jobId ? job : other))
      : [job, ...this.list];
    this.tellEnd(job);
  }

  private drop(jobId: string): void {
    this.list = this.list.filter((job) => job.jobId !== jobId);
  }

  private tellEnd(job: JobSnapshot): void {
    if (!isOver(job)) return;
    for (const resolve of this.waiting.of(job.jobId)) resolve(job);
    if (this.told.has(job.jobId)) return;
    this.told.add(job.jobId);
    for (const listener of this.endListeners.of('end')) listener(job);
  }
}

export const jobs = new Jobs();
