/** Which jobs run at the moment, as the services tell it. */
import type { JobSnapshot } from '../api/contract.ts';
import type { EventHub } from '../services/jobs/eventHub.ts';

/** Must be called before the first job starts. */
export function watchJobs(events: EventHub): () => readonly JobSnapshot[] {
  const running = new Map<string, JobSnapshot>();
  events.subscribe((event) => {
    if (event.type !== 'job') return;
    if (event.job.endedAt === null) running.set(event.job.jobId, event.job);
    else running.delete(event.job.jobId);
  });
  return () => [...running.values()];
}
