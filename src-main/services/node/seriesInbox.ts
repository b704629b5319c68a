/**
 * Puts images that arrive into their series' folder and keeps its state in step. An image is acknowledged only when it lies there, flushed;
 * a series that was finished and comes again is taken up anew.
 */
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readSeriesIdentity } from '../../formats/dicom/seriesIdentity.ts';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { syncParent } from '../../workflows/files/syncPath.ts';
import type { IncomingInstance } from '../pacs/dimse/storageScp.ts';
import { receivedDirectory, seriesIdOf, type SeriesState } from './seriesState.ts';
import type { SeriesStore } from './seriesStore.ts';

export interface Arrivals {
  /** When the last image came (Unix milliseconds) and how many the sender has announced. */
  readonly lastAt: number;
  readonly expected: number | null;
}

export interface SeriesInbox {
  /** Throws DISK_FULL, WRITE_FAILED, and what says that an image cannot be read. */
  take(instance: IncomingInstance): Promise<void>;
  /** Of a series; one of before this process began counts from its beginning. */
  arrivals(seriesId: string): Arrivals;
}

/** `now` is a clock in milliseconds. */
export function createSeriesInbox(store: SeriesStore, now: () => number = Date.now): SeriesInbox {
  const startedAt = now();
  const arrived = new Map<string, Arrivals>();
  return {
    async take({ path, sopInstanceUid, senderAeTitle }) {
      const identity = readSeriesIdentity(await readFile(path), 'an image that was received');
      if (identity.seriesInstanceUid === '') {
        throw new AppError('FILE_UNREADABLE', { path: 'an image', reason: 'it names no series' });
      }
      const seriesId = seriesIdOf(identity.seriesInstanceUid);
      const folder = receivedDirectory(store.workspaceDirectory, seriesId);
      const target = join(folder, `${sopInstanceUid}.dcm`);
      await store.change(seriesId, async (before) => {
        await mkdir(folder, { recursive: true });
        const isKnown = await fileExists(target);
        await rename(path, target);
        await syncParent(target);
        // The same image once more, of a series that is under way: nothing is new.
        if (before && before.status !== 'receiving' && isKnown) return undefined;
        arrived.set(seriesId, { lastAt: now(), expected: identity.instances });
        return before?.status === 'receiving' ? undefined : begin(before, identity, seriesId, senderAeTitle);
      });
    },
    arrivals: (seriesId) => arrived.get(seriesId) ?? { lastAt: startedAt, expected: null },
  };
}

/** Images in a series' folder. */
export async function countReceived(workspaceDirectory: string, seriesId: string): Promise<number> {
  const names = await readdir(receivedDirectory(workspaceDirectory, seriesId));
  return names.filter((name) => name.endsWith('.dcm')).length;
}

/** What was made of it before belongs to the images that were there then: with more of them it begins anew. */
function begin(
  before: SeriesState | undefined,
  { studyInstanceUid, seriesInstanceUid }: ReturnType<typeof readSeriesIdentity>,
  seriesId: string,
  caller: string,
): SeriesState {
  const time = new Date().toISOString();
  return {
    schemaVersion: 1,
    seriesId,
    round: (before?.round ?? 0) + 1,
    status: 'receiving',
    receivedAt: before?.receivedAt ?? time,
    changedAt: time,
    caller,
    studyInstanceUid,
    seriesInstanceUid,
    images: 0,
    sentTo: [],
    attempts: 0,
  };
}
