/**
 * Takes a series that has come whole to its end, and says what becomes of one that does not get there: it is held, stopped or failed, or
 * tried again later, each time after twice as long.
 */
import { AppError } from '../../shared/appError.ts';
import {
  Ended,
  exportSct,
  finish,
  importImages,
  Interrupted,
  isSent,
  send,
  synthesize,
  type AdvanceContext,
} from './seriesSteps.ts';
import { retryDelay } from './retryDelay.ts';
import type { SeriesState } from './seriesState.ts';

/** Failures that may be over when it is tried again; of those that are not of the network so many attempts are made. */
const passing: ReadonlySet<string> = new Set([
  'WORKER_ENDED',
  'DISK_FULL',
  'WRITE_FAILED',
  'DEVICE_UNAVAILABLE',
  'OUTPUT_EXISTS',
  'JOB_BUSY',
  'LOCKED_ELSEWHERE',
]);
const mostAttempts = 5;

/**
 * Works on a `waiting` series until it is done, held, stopped or failed, or is to be tried again later. Throws programming faults, and what
 * keeps its state from being written.
 */
export async function advanceSeries(state: SeriesState, context: AdvanceContext): Promise<void> {
  const { store, log, signal } = context;
  try {
    let now = state;
    // One that was killed while it tidied up has nothing else left to do, and nothing to do it with.
    const steps = isSent(state) ? [finish] : [importImages, synthesize, exportSct, send, finish];
    for (const step of steps) now = await step(now, context);
  } catch (error) {
    if (error instanceof Interrupted || signal.aborted) return;
    if (error instanceof Ended) {
      log(state.seriesId, `${error.status}: ${error.reason.text}`);
      await store.update(state, { status: error.status, reason: error.reason });
      return;
    }
    if (!(error instanceof AppError)) throw error;
    await postpone(error, state, context);
  }
}

async function postpone(error: AppError, { seriesId }: SeriesState, context: AdvanceContext): Promise<void> {
  const { store, config, log } = context;
  const reason = { code: error.code, text: error.message };
  const isOfNetwork = error.code.startsWith('PACS_');
  await store.change(seriesId, (now) => {
    if (now?.status !== 'waiting') return undefined;
    const attempts = now.attempts + 1;
    if (!isOfNetwork && !(passing.has(error.code) && attempts < mostAttempts)) {
      log(seriesId, `failed: ${error.message}`);
      return { ...now, status: 'failed', attempts, reason };
    }
    const delay = retryDelay(attempts, config.retry);
    log(seriesId, `attempt ${attempts} was in vain (${error.message}); the next in ${Math.round(delay)} s`);
    return { ...now, attempts, reason, nextAttemptAt: new Date(Date.now() + 1000 * delay).toISOString() };
  });
}
