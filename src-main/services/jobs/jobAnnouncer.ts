/** Tells of jobs at most ten times a second each: a job may report progress thousands of times. The newest state is never held back. */
import type { JobSnapshot } from '../../api/contract/jobs.ts';

const intervalMs = 100;

export interface JobAnnouncer {
  now(job: JobSnapshot): void;
  /** Within a tenth of a second, unless something newer is told before. */
  soon(job: JobSnapshot): void;
  dispose(): void;
}

export function createJobAnnouncer(tell: (job: JobSnapshot) => void): JobAnnouncer {
  const waiting = new Map<string, { job: JobSnapshot; readonly timer: NodeJS.Timeout }>();
  const drop = (jobId: string): void => {
    clearTimeout(waiting.get(jobId)?.timer);
    waiting.delete(jobId);
  };
  return {
    now(job) {
      drop(job.jobId);
      tell(job);
    },
    soon(job) {
      const held = waiting.get(job.jobId);
      if (held !== undefined) {
        held.job = job;
        return;
      }
      const timer = setTimeout(() => {
        const latest = waiting.get(job.jobId)?.job ?? job;
        waiting.delete(job.jobId);
        tell(latest);
      }, intervalMs);
      waiting.set(job.jobId, { job, timer });
    },
    dispose() {
      for (const jobId of [...waiting.keys()]) drop(jobId);
    },
  };
}
