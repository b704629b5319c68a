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
import { systemCode } from '../../workflows/files/toWriteError.ts';
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
  /** Its silence begins anew. */
  renew(seriesId: string): void;
  /** Nothing more is to be known of it. */
  forget(seriesId: string): void;
}

/** `now` is a clock in milliseconds. */
export function createSeriesInbox(store: SeriesStore, now: () => number = Date.now): SeriesInbox {
  const startedAt = now();
  const arrived = new Map<string, Arrivals>();
  const arrivals = (seriesId: string): Arrivals =>
    arrived.get(seriesId) ?? { lastAt: startedAt, expected: null };
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
        // A file that a crash or a full disk kept out of the state's count was never taken up, nor acknowledged.
        const isKnown =
          (await fileExists(target)) &&
          before?.images === (await countReceived(store.workspaceDirectory, seriesId));
        await rename(path, target);
        await syncParent(target);
        // The same image once more, of a series that is under way: nothing is new.
        if (before && before.status !== 'receiving' && isKnown) return undefined;
        arrived.set(seriesId, { lastAt: now(), expected: identity.instances });
        return before?.status === 'receiving' ? undefined : begin(before, identity, seriesId, senderAeTitle);
      });
    },
    arrivals,
    renew: (seriesId) => void arrived.set(seriesId, { ...arrivals(seriesId), lastAt: now() }),
    forget: (seriesId) => void arrived.delete(seriesId),
  };
}

/** Images in a series' folder; none without a folder. */
export async function countReceived(workspaceDirectory: string, seriesId: string): Promise<number> {
  try {
    const names = await readdir(receivedDirectory(workspaceDirectory, seriesId));
    return names.filter((name) => name.endsWith('.dcm')).length;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** What was made of it before belongs to the images that were there then: with more of them it begins anew. */
function begin(
  before: SeriesState | undefined,
  { studyInstanceUid, seriesInstanceUid }: ReturnType<typeof readSeriesIdentity>,
  seriesId: string,
  caller: string,
): SeriesState {
  const time = new Date().toISOString();
  const imagesBefore = Math.max(before?.images ?? 0, before?.imagesBefore ?? 0);
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
    ...(imagesBefore > 0 ? { imagesBefore } : {}),
    sentTo: [],
    attempts: 0,
  };
}
