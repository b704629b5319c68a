/**
 * The worker's side: waits for one `start`, runs that job, reports, ends. It stops when asked (`cancel`) and when the parent is
 * gone, for whichever reason; it ignores Ctrl-C, which a terminal sends to both processes, because the parent decides.
 */
import type { JobKinds } from './jobRunner.ts';
import { toWorkerSchema, type FromWorker } from './protocol.ts';
import { toAppError } from '../../shared/toAppError.ts';

/** How long the work may go on after the parent has died before the process ends by force. */
const orphanGraceMs = 20_000;

/** How often the parent hears of a job that has nothing else to say. */
const heartbeatMs = 1000;

/** Serves the parent process over IPC. Must be called in a forked process; programming faults throw. */
export function serveJob(kinds: JobKinds): void {
  if (!process.send) throw new Error('The worker is not a program of its own: it is started by startJob.');
  const controller = new AbortController();
  let running = false;
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  process.on('SIGTERM', () => controller.abort());
  process.on('disconnect', () => {
    controller.abort();
    if (!running) process.exit(0);
    setTimeout(() => process.exit(1), orphanGraceMs).unref();
  });
  process.on('message', (raw) => {
    const message = toWorkerSchema.parse(raw);
    if (message.type === 'cancel') controller.abort();
    else if (!running) {
      running = true;
      const beat = (): void => send({ type: 'memory', residentMiB: process.memoryUsage.rss() / 2 ** 20 });
      setInterval(beat, heartbeatMs).unref();
      void runJob(kinds, message.kind, message.params, controller.signal).then(sendAndExit);
    }
  });
  send({ type: 'ready' });
}

async function runJob(
  kinds: JobKinds,
  kind: string,
  params: unknown,
  signal: AbortSignal,
): Promise<FromWorker> {
  try {
    const load = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!load) throw new Error(`There is no job kind called ${kind}.`);
    const run = await load();
    const result = await run(params, { onEvent: send, signal });
    return { type: 'done', result };
  } catch (error) {
    if (signal.aborted && error instanceof Error && error.name === 'AbortError') return { type: 'cancelled' };
    const { code, details, cause } = toAppError(error);
    const origin = cause instanceof Error ? cause : error;
    return {
      type: 'failed',
      code,
      details,
      ...(origin instanceof Error && origin.stack ? { stack: origin.stack } : {}),
    };
  }
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

/** The process ends by itself only after the message has left it. */
function sendAndExit(message: FromWorker): void {
  send({ type: 'usage', peakMemoryMiB: process.resourceUsage().maxRSS / 1024 });
  const code = message.type === 'failed' ? 1 : 0;
  if (!process.connected || !process.send) process.exit(code);
  process.send(message, undefined, {}, () => process.exit(code));
}
