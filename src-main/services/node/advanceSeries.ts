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
  send,
  synthesize,
  type AdvanceContext,
} from './seriesSteps.ts';
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

/** Works on a `waiting` series until it is done, held, stopped or failed, or is to be tried again later. */
export async function advanceSeries(state: SeriesState, context: AdvanceContext): Promise<void> {
  const { store, log, signal } = context;
  try {
    let now = state;
    for (const step of [importImages, synthesize, exportSct, send, finish]) now = await step(now, context);
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
    const { firstSeconds, longestSeconds } = config.retry;
    const delay = Math.min(firstSeconds * 2 ** (attempts - 1), longestSeconds);
    log(seriesId, `attempt ${attempts} was in vain (${error.message}); the next in ${Math.round(delay)} s`);
    return { ...now, attempts, reason, nextAttemptAt: new Date(Date.now() + 1000 * delay).toISOString() };
  });
}
