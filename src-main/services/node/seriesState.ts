/**
 * What `ilium node` knows of one series it has received: `node/series/<id>/state.json` of the workspace, beside the series' files. It is
 * written before and after every step, so that a node that was killed goes on where it was. No patient is named in it.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';

export const seriesStatuses = [
  /** Images still come, or are waited for. */
  'receiving',
  /** There is something to do: now, or at `nextAttemptAt`. */
  'waiting',
  /** An sCT whose gate is amber waits for a person. */
  'held',
  /** The gate has stopped it; it is kept and never sent. */
  'stopped',
  /** It cannot be done; it is kept. */
  'failed',
  /** Every destination has acknowledged every image. */
  'done',
  /** No rule is for it. */
  'ignored',
] as const;

export const seriesStateSchema = z.object({
  schemaVersion: z.literal(1),
  seriesId: z.string(),
  /** Counts how often it was begun: further images make a series begin anew. */
  round: z.int().positive(),
  status: z.enum(seriesStatuses),
  /** ISO 8601, like all times here. */
  receivedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  caller: z.string(),
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  images: z.int().nonnegative(),
  /** The most that were there in an earlier round, whose files may be gone: fewer are a fragment of the series. */
  imagesBefore: z.int().positive().exactOptional(),
  /** A person has said that what is there is all of it. */
  takenAsWhole: z.boolean().exactOptional(),
  modelId: z.string().exactOptional(),
  destinations: z.array(z.string()).exactOptional(),
  caseId: z.string().exactOptional(),
  sctId: z.string().exactOptional(),
  exportPath: z.string().exactOptional(),
  /** A person has let an amber one go. */
  released: z.boolean().exactOptional(),
  /** Destinations that have acknowledged everything. */
  sentTo: z.array(z.string()),
  /** Failed attempts at the step at hand. */
  attempts: z.int().nonnegative(),
  nextAttemptAt: z.iso.datetime().exactOptional(),
  /** Why it is held, stopped or failed, or why the last attempt was in vain. */
  reason: z.object({ code: z.string(), text: z.string() }).exactOptional(),
});

export type SeriesState = z.infer<typeof seriesStateSchema>;

const idPattern = /^[0-9a-f]{12}$/;

/** The same for the same series; tells nothing of the patient. */
export function seriesIdOf(seriesInstanceUid: string): string {
  return createHash('sha256').update(seriesInstanceUid).digest('hex').slice(0, 12);
}

/** `workspaceDirectory`/node: everything of a node. */
export function nodeDirectory(workspaceDirectory: string): string {
  return join(workspaceDirectory, 'node');
}

export function seriesDirectory(workspaceDirectory: string, seriesId: string): string {
  return join(nodeDirectory(workspaceDirectory), 'series', seriesId);
}

/** Where its images are as they came. */
export function receivedDirectory(workspaceDirectory: string, seriesId: string): string {
  return join(seriesDirectory(workspaceDirectory, seriesId), 'received');
}

const statePath = (workspaceDirectory: string, seriesId: string): string =>
  join(seriesDirectory(workspaceDirectory, seriesId), 'state.json');

/** Throws NODE_SERIES_NOT_FOUND, RECORD_INVALID. */
export async function readSeriesState(workspaceDirectory: string, seriesId: string): Promise<SeriesState> {
  const missing = (): AppError => new AppError('NODE_SERIES_NOT_FOUND', { series: seriesId });
  if (!idPattern.test(seriesId)) throw missing();
  try {
    return await readRecord(statePath(workspaceDirectory, seriesId), seriesStateSchema);
  } catch (error) {
    throw error instanceof AppError && error.code === 'FILE_NOT_FOUND' ? missing() : error;
  }
}

/** Writes it with the time; resolves with what was written. */
export async function writeSeriesState(
  workspaceDirectory: string,
  state: Omit<SeriesState, 'changedAt'>,
): Promise<SeriesState> {
  const written = { ...state, changedAt: new Date().toISOString() };
  await writeRecord(statePath(workspaceDirectory, state.seriesId), seriesStateSchema, written);
  return written;
}

/** Every series, the oldest first. A folder without a state is one whose first image was being written. Throws RECORD_INVALID. */
export async function listSeriesStates(workspaceDirectory: string): Promise<SeriesState[]> {
  const states: SeriesState[] = [];
  for (const seriesId of await entriesOf(join(nodeDirectory(workspaceDirectory), 'series'))) {
    try {
      states.push(await readSeriesState(workspaceDirectory, seriesId));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'NODE_SERIES_NOT_FOUND') throw error;
    }
  }
  return states.sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
