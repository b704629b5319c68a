import type { JobEvent } from '../../shared/jobEvent.ts';
import { startJob, type JobRequest } from './startJob.ts';

export interface JobResultContext {
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: AbortSignal;
}

/** Runs a job in its own process and returns its result. Throws the signal's reason for one that was stopped, and what the job throws. */
export async function jobResult(request: JobRequest, context: JobResultContext): Promise<unknown> {
  const outcome = await startJob(request, context);
  context.signal.throwIfAborted();
  if (outcome.status === 'cancelled')
    throw new Error(`The job ${request.kind} ended without being asked to.`);
  return outcome.result;
}
