/** What every command of the command line is made of; `program.ts` adds `--json`, `--workspace`, signals and output. */
import type { Command } from 'commander';
import type { AppError } from '../shared/appError.ts';
import type { JobEvent } from '../shared/jobEvent.ts';
import type { OnProgress } from '../shared/progress.ts';

export interface CommandContext {
  /** `--json`: machine-readable output, no progress. */
  readonly json: boolean;
  /** The workspace folder: `--workspace`, else `$ILIUM_WORKSPACE`, else the user's data folder. */
  readonly workspaceDirectory: string;
  /** Aborted by the first Ctrl-C; the second ends the process. */
  readonly signal: AbortSignal;
  /** For what cannot wait for the command's end, on standard output. */
  readonly print: (text: string) => void;
  readonly onProgress: OnProgress;
  /** Progress and log lines of a job, shown on standard error. */
  readonly onEvent: (event: JobEvent) => void;
}

export interface CommandResult {
  /** Printed as one line of JSON with `--json`. */
  readonly data: object;
  /** Printed without `--json`. */
  readonly text: string;
  /** What is wrong with what is printed: told after it on standard error, and decides the exit code. */
  readonly problem?: AppError;
}

export interface CommandSpec {
  readonly name: string;
  readonly description: string;
  /** Adds the command's own arguments and options. */
  readonly configure: (command: Command) => Command;
  /** `args` are the positional arguments in order, `options` commander's parsed options: parse them with zod. */
  readonly run: (
    context: CommandContext,
    options: unknown,
    args: readonly unknown[],
  ) => Promise<CommandResult>;
}
