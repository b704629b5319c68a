/** The shape of work that runs in a worker process. */
import type { JobContext } from '../../shared/jobEvent.ts';

/** Does the work. `params` crossed a process boundary: parse them. The result must survive a structured clone. */
export type JobRunner = (params: unknown, context: JobContext) => Promise<unknown>;

/** Kind → loader of its runner. */
export type JobKinds = Readonly<Record<string, () => Promise<JobRunner>>>;
