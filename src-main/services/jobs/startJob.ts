/**
 * Runs a job in a child process, so that blocking inference, a native crash or a full memory takes neither the window nor the
 * terminal with it. The child is the worker host (`src-main/worker.ts`), one process per job.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/appError.ts';
import type { JobEvent } from '../../shared/jobEvent.ts';
import { fromWorkerSchema, type ToWorker } from './protocol.ts';
import { watchQuietProcess } from './watchQuietProcess.ts';

export interface JobRequest {
  readonly kind: string;
  /** Plain data; the job parses it. */
  readonly params: unknown;
}

export interface JobOptions {
  readonly onEvent?: (event: JobEvent) => void;
  /** Told every second or two while the job shows signs of life: the memory its process holds now. */
  readonly onMemory?: (mebibytes: number) => void;
  /** Told once, when the job ends by itself: the largest resident memory of its process. */
  readonly onPeakMemory?: (mebibytes: number) => void;
  /** Aborting asks the job to stop; after `graceMs` it is killed. */
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  /** Aborting kills the job at once. */
  readonly killSignal?: AbortSignal;
  /** The worker's program; TypeScript sources run through tsx, a built worker as it is. */
  readonly workerUrl?: URL;
}

/** `cancelled` without `result`: the job was stopped before it had one (`forced`: it had to be killed). */
export type JobResult =
  | { readonly status: 'done'; readonly result: unknown }
  | { readonly status: 'cancelled'; readonly forced: boolean };

type Outcome = JobResult | { readonly status: 'failed'; readonly error: AppError };

/** The built program keeps the folders of the sources. */
const workerProgram = new URL(
  import.meta.url.endsWith('.ts') ? '../../worker.ts' : '../../worker.js',
  import.meta.url,
);
const defaultGraceMs = 60_000;
const rememberedStderr = 4096;

/**
 * Starts `request` and resolves when its process has ended. A job that stops early but returns what it has is `done`.
 * Rejects with the job's own AppError, or WORKER_ENDED when the process died without a word.
 */
export async function startJob(request: JobRequest, options: JobOptions = {}): Promise<JobResult> {
  const { onEvent, signal, graceMs = defaultGraceMs } = options;
  if (signal?.aborted) return { status: 'cancelled', forced: false };
  const child = forkWorker(options.workerUrl ?? workerProgram);
  const stderr = rememberStderr(child);
  const heard: { outcome?: Outcome; forced: boolean } = { forced: false };

  const tell = (message: ToWorker): void => {
    if (child.connected) child.send(message);
  };
  const kill = (): void => {
    heard.forced = true;
    child.kill('SIGKILL');
  };
  let graceTimer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    tell({ type: 'cancel' });
    graceTimer = setTimeout(kill, graceMs);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  options.killSignal?.addEventListener('abort', kill, { once: true });

  const watch =
    child.pid === undefined
      ? undefined
      : watchQuietProcess(child.pid, (mebibytes) => options.onMemory?.(mebibytes));

  child.on('message', (raw) => {
    watch?.heard();
    const message = fromWorkerSchema.parse(raw);
    switch (message.type) {
      case 'ready':
        tell({ type: 'start', ...request });
        break;
      case 'progress':
      case 'log':
      case 'data':
        onEvent?.(message);
        break;
      case 'memory':
        options.onMemory?.(message.residentMiB);
        break;
      case 'usage':
        options.onPeakMemory?.(message.peakMemoryMiB);
        break;
      case 'done':
        heard.outcome = { status: 'done', result: message.result };
        break;
      case 'cancelled':
        heard.outcome = { status: 'cancelled', forced: false };
        break;
      case 'failed': {
        const cause = message.stack === undefined ? {} : { cause: remoteError(message.stack) };
        heard.outcome = { status: 'failed', error: new AppError(message.code, message.details, cause) };
      }
    }
  });

  try {
    const reason = await ended(child);
    const { outcome, forced } = heard;
    if (outcome?.status === 'failed') throw outcome.error;
    if (outcome) return outcome;
    if (forced || signal?.aborted) return { status: 'cancelled', forced };
    const lastWords = stderr().trim().split('\n').at(-1);
    throw new AppError('WORKER_ENDED', { reason: lastWords ? `${reason} (${lastWords.trim()})` : reason });
  } finally {
    watch?.stop();
    clearTimeout(graceTimer);
    signal?.removeEventListener('abort', onAbort);
    options.killSignal?.removeEventListener('abort', kill);
  }
}

function forkWorker(workerUrl: URL): ChildProcess {
  const isSource = workerUrl.pathname.endsWith('.ts');
  return fork(fileURLToPath(workerUrl), [], {
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
}

/** Keeps the end of what the child writes to standard error: native libraries name their reason there. */
function rememberStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    if (process.env['ILIUM_DEBUG']) process.stderr.write(part);
    text = (text + part).slice(-rememberedStderr);
  });
  return () => text;
}

/** Resolves with how the process ended, after its output was read. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('it was killed, perhaps because memory ran out');
      else resolve(signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`);
    });
  });
}

function remoteError(stack: string): Error {
  const error = new Error('In the worker process');
  error.stack = stack;
  return error;
}
