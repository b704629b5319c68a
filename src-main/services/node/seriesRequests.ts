/**
 * What a person asks of a series while a node runs, or before it starts: an empty file `<id>.<request>` in `node/requests` that the node
 * takes away when it has done as asked.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { nodeDirectory, readSeriesState, type SeriesState } from './seriesState.ts';

const names = ['retry', 'release'] as const;
/** `retry`: what has failed, waits or was stopped is tried again now; `release`: what is held is sent, an incomplete series is taken as it is. */
export type SeriesRequest = (typeof names)[number];

export interface AskedOfSeries {
  readonly seriesId: string;
  readonly request: SeriesRequest;
}

const folderOf = (workspaceDirectory: string): string => join(nodeDirectory(workspaceDirectory), 'requests');
const pathOf = (workspaceDirectory: string, { seriesId, request }: AskedOfSeries): string =>
  join(folderOf(workspaceDirectory), `${seriesId}.${request}`);

/** Throws NODE_SERIES_NOT_FOUND, BAD_USAGE when there is nothing to do so with, and write errors. */
export async function requestOfSeries(
  workspaceDirectory: string,
  seriesId: string,
  request: SeriesRequest,
): Promise<void> {
  const state = await readSeriesState(workspaceDirectory, seriesId);
  if (!afterRequest(state, request)) {
    throw new AppError('BAD_USAGE', {
      problem: `There is nothing to ${request}: series ${seriesId} is ${state.status}.`,
    });
  }
  await writeAtomically(pathOf(workspaceDirectory, { seriesId, request }), '');
}

/** What was asked and not yet done. */
export async function listRequests(workspaceDirectory: string): Promise<AskedOfSeries[]> {
  const files = await readdir(folderOf(workspaceDirectory)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return files.flatMap((file) => {
    const [seriesId = '', ending] = file.split('.');
    const request = names.find((name) => name === ending);
    return request === undefined ? [] : [{ seriesId, request }];
  });
}

/** Takes away what was done as asked. */
export function closeRequest(workspaceDirectory: string, asked: AskedOfSeries): Promise<void> {
  return rm(pathOf(workspaceDirectory, asked), { force: true });
}

/**
 * What is held or has failed goes on where it was, what the gate has stopped is judged again, and what never was complete waits for
 * images once more; undefined where there is nothing to do.
 */
export function afterRequest(state: SeriesState, request: SeriesRequest): SeriesState | undefined {
  const { nextAttemptAt: _next, reason: _reason, ...rest } = state;
  if (request === 'release') {
    if (state.status === 'held') return { ...rest, status: 'waiting', released: true, attempts: 0 };
    const isIncomplete = state.status === 'failed' && state.reason?.code === 'SERIES_INCOMPLETE';
    return isIncomplete ? { ...rest, status: 'receiving', takenAsWhole: true, attempts: 0 } : undefined;
  }
  const isOver = state.status === 'done' || state.status === 'ignored' || state.status === 'receiving';
  if (isOver) return undefined;
  // A series that never was complete has no model yet.
  return { ...rest, status: state.modelId === undefined ? 'receiving' : 'waiting', attempts: 0 };
}
