/** The shape of work that runs in a worker process. */
import type { JobContext } from '../../shared/jobEvent.ts';

/** What a worker process gives its job: the signal can be handed on to jobs that this one starts. */
export interface WorkerContext extends JobContext {
  readonly signal: AbortSignal;
}

/** Does the work. `params` crossed a process boundary: parse them. The result must survive a structured clone. */
export type JobRunner = (params: unknown, context: WorkerContext) => Promise<unknown>;

/** Kind → loader of its runner. */
export type JobKinds = Readonly<Record<string, () => Promise<JobRunner>>>;
