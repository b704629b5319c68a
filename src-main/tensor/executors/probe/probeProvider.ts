/** Tries a provider of ONNX Runtime in a process of its own, because a broken driver may crash or hang whoever asks it. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OnnxProvider } from '../onnx/onnxExecutor.ts';
import type { ProviderMeasurement } from './measureProvider.ts';

export type ProbeOutcome =
  ({ readonly status: 'ran' } & ProviderMeasurement) | { readonly status: 'failed'; readonly reason: string };

export interface ProbeOptions {
  readonly timeoutMs?: number;
  /** The child's program and environment, for tests. */
  readonly childUrl?: URL;
  readonly env?: NodeJS.ProcessEnv;
}

/** What the provider did on the probe graph. Never rejects: a crash, an error or no answer in time is an outcome. */
export function probeProvider(provider: OnnxProvider, options: ProbeOptions = {}): Promise<ProbeOutcome> {
  const { timeoutMs = 60_000, env = process.env } = options;
  // The built program keeps the folders of the sources.
  const program = import.meta.url.endsWith('.ts') ? './probeChild.ts' : './probeChild.js';
  const childUrl = options.childUrl ?? new URL(program, import.meta.url);
  const isSource = childUrl.pathname.endsWith('.ts');
  const child = fork(fileURLToPath(childUrl), [provider], {
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const settle = (outcome: ProbeOutcome): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(outcome);
    };
    const fail = (reason: string): void => settle({ status: 'failed', reason });
    const timer = setTimeout(() => fail(`it gave no answer within ${timeoutMs / 1000} s`), timeoutMs);
    child.on('message', (message) => {
      const outcome = message as ProbeOutcome;
      if (outcome.status === 'failed') fail(shortReason(outcome.reason));
      else settle(outcome);
    });
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code, signal) =>
      fail(`it ended the process that tried it (${signal ?? `exit code ${code ?? 0}`})`),
    );
  });
}

/** The telling part of an error of ONNX Runtime, whose messages begin with source files and conditions. */
function shortReason(message: string): string {
  const [line = ''] = message.trim().split('\n');
  const told = line.split(' was false. ').at(-1) ?? line;
  return told
    .replace(/^\w+: /, '')
    .replace(/\.$/, '')
    .slice(0, 200);
}
