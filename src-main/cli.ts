/** The command line host: connects the commands with this process. */
import { commands } from './cli/commands.ts';
import { runProgram } from './cli/program.ts';
import { defaultWorkspace } from './services/workspace/defaultWorkspace.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader such as `head` that closes the pipe early is no failure.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await runProgram(commands, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: process.stderr,
  env: process.env,
  defaultWorkspace,
});
