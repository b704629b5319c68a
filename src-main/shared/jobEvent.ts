/** What long work says while it runs, the same for a terminal, a window or another program; plain data that JSON can carry. */
import type { Progress } from './progress.ts';

export interface LogEvent {
  readonly type: 'log';
  readonly level: 'info' | 'warning';
  /** One line for people. */
  readonly message: string;
  /** The same for programs: losses, counts, names. */
  readonly data?: Readonly<Record<string, string | number>>;
}

/** For programs alone: a slice that can be looked at, a step of a run. No line for people goes with it. */
export interface DataEvent {
  readonly type: 'data';
  readonly data: Readonly<Record<string, string | number>>;
}

export type JobEvent = ({ readonly type: 'progress' } & Progress) | LogEvent | DataEvent;

/** What running work asks to learn whether it should stop. An AbortSignal is one; shared knows no runtime, so it names the part. */
export interface StopSignal {
  readonly aborted: boolean;
  /** Throws an AbortError (or the reason given) once stopping was asked for. */
  throwIfAborted(): void;
}

/** What a job is given besides its parameters. A job that is asked to stop through `signal` ends soon with what it has. */
export interface JobContext {
  readonly onEvent: (event: JobEvent) => void;
  readonly signal: StopSignal;
}
