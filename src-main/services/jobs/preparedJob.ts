/** What the job center needs to know of a piece of work before it starts it; `windowJobs.ts` makes one of every JobStart. */
import type { JobKind, ServerEvent } from '../../api/contract/jobs.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import type { JobRequest } from './startJob.ts';

/** What of the workspace has changed, as the window is told. */
export type ChangedPart = Extract<ServerEvent, { type: 'changed' }>['what'];

export interface PreparedJob {
  readonly kind: JobKind;
  readonly request: JobRequest;
  /** What it works on, for people: ids, never a case's label. */
  readonly subject: string;
  /** A better subject that an event of the worker tells: a training's run gets its name while it is prepared. */
  readonly subjectOf?: (event: JobEvent) => string | null;
  /** Two jobs with the same key cannot run at the same time, such as `run:<name>`. */
  readonly exclusiveKey?: string;
  /** Its result and errors may name patients (paths): they are kept in memory only. */
  readonly isPrivate?: boolean;
  /** What an event of the worker tells the window beside progress and log: slices, steps of a run. */
  readonly toServerEvents?: (event: JobEvent) => readonly ServerEvent[];
  /** What may have changed once it has ended, in whichever way. */
  readonly changes?: readonly ChangedPart[];
  /** Runs once after the job, in whichever way it ended: tidies up what it was given. */
  readonly cleanUp?: () => Promise<void>;
}

/**
 * Parses what the window asked for. `jobId` names the job's scratch folder (`JobCenter.scratchDirectory`).
 * Throws BAD_REQUEST and whatever says that the work cannot start.
 */
export type PrepareJob = (start: unknown, jobId: string) => Promise<PreparedJob>;
