/** Puts the commands together: common options, output, errors and exit codes are the same for each. */
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import packageRecord from '../../package.json' with { type: 'json' };
import { AppError } from '../shared/appError.ts';
import { toAppError } from '../shared/toAppError.ts';
import type { CommandContext, CommandSpec } from './command.ts';
import { interruptedExitCode, listenForInterrupt } from './interrupt.ts';
import { createProgressDisplay, type ProgressTarget } from './progressDisplay.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: ProgressTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The workspace when neither `--workspace` nor `$ILIUM_WORKSPACE` names one. */
  readonly defaultWorkspace: () => string;
}

const commonOptions = z.object({ json: z.boolean().default(false), workspace: z.string().min(1).optional() });

/** Runs the command that `argv` (without node and script) names; returns the exit code and never throws. */
export async function runProgram(
  specs: readonly CommandSpec[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let exitCode = 0;
  const program = new Command('ilium')
    .description(packageRecord.description)
    .version(packageRecord.version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: () => undefined })
    .helpCommand('help [command]', 'show the help of a command');
  for (const spec of specs) {
    const command = spec.configure(program.command(spec.name).description(spec.description));
    command
      .addOption(new Option('--json', 'print one line of JSON instead of text'))
      .addOption(
        new Option(
          '--workspace <dir>',
          'workspace folder (default: $ILIUM_WORKSPACE, else your data folder)',
        ),
      )
      .action(async (...given: unknown[]) => {
        exitCode = await runCommand(spec, command.opts(), given.slice(0, -2), terminal);
      });
  }
  if (argv.length === 0) {
    terminal.err.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return reportError(asUsageError(error), argv.includes('--json'), terminal);
  }
}

async function runCommand(
  spec: CommandSpec,
  options: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
  terminal: Terminal,
): Promise<number> {
  const { json, workspace } = commonOptions.parse(options);
  const display = createProgressDisplay(terminal.err);
  const interrupt = listenForInterrupt(display.note);
  const context: CommandContext = {
    json,
    workspaceDirectory: workspace ?? (terminal.env['ILIUM_WORKSPACE'] || terminal.defaultWorkspace()),
    signal: interrupt.signal,
    print: terminal.out,
    onProgress: json ? () => undefined : display.onProgress,
    onEvent(event) {
      if (json || event.type === 'data') return;
      if (event.type === 'progress') display.onProgress(event);
      else display.note(event.level === 'warning' ? `Note: ${event.message}` : event.message);
    },
  };
  try {
    const { data, text, problem } = await spec.run(context, options, args);
    display.end();
    terminal.out(json ? `${JSON.stringify(data)}\n` : text.endsWith('\n') ? text : `${text}\n`);
    if (problem) return sayProblem(problem, terminal);
    return interrupt.signal.aborted ? interruptedExitCode : 0;
  } catch (error) {
    display.end();
    if (interrupt.signal.aborted && isAbort(error)) {
      terminal.err.write('Stopped.\n');
      if (json) terminal.out(`${JSON.stringify({ stopped: true })}\n`);
      return interruptedExitCode;
    }
    return reportError(error, json, terminal);
  } finally {
    interrupt.dispose();
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function asUsageError(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const problem = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return new AppError('BAD_USAGE', { problem: problem.charAt(0).toUpperCase() + problem.slice(1) });
}

/** One line on standard error; returns the exit code. */
function sayProblem({ message, exitCode }: AppError, terminal: Terminal): number {
  terminal.err.write(`ilium: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  return exitCode;
}

function reportError(error: unknown, json: boolean, terminal: Terminal): number {
  const problem = toAppError(error);
  const { code, message, details, stack, cause } = problem;
  const exitCode = sayProblem(problem, terminal);
  if (terminal.env['ILIUM_DEBUG']) {
    const origin = cause instanceof Error ? cause.stack : undefined;
    terminal.err.write(`${origin ?? stack ?? ''}\n`);
  }
  if (json) terminal.out(`${JSON.stringify({ error: { code, message, details } })}\n`);
  return exitCode;
}
