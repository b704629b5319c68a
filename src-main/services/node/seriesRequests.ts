/**
 * What a person asks of a series while a node runs, or before it starts: an empty file `<id>.<request>` in `node/requests` that the node
 * takes away when it has done as asked.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { nodeDirectory, readSeriesState } from './seriesState.ts';

const names = ['retry', 'release'] as const;
/** `retry`: what has failed, waits or was stopped is tried again now; `release`: what is held is sent. */
export type SeriesRequest = (typeof names)[number];

const folderOf = (workspaceDirectory: string): string => join(nodeDirectory(workspaceDirectory), 'requests');

/** Throws NODE_SERIES_NOT_FOUND and write errors. */
export async function requestOfSeries(
  workspaceDirectory: string,
  seriesId: string,
  request: SeriesRequest,
): Promise<void> {
  await readSeriesState(workspaceDirectory, seriesId);
  await writeAtomically(join(folderOf(workspaceDirectory), `${seriesId}.${request}`), '');
}

/** Takes away and returns what was asked since last time. */
export async function takeRequests(
  workspaceDirectory: string,
): Promise<{ readonly seriesId: string; readonly request: SeriesRequest }[]> {
  const folder = folderOf(workspaceDirectory);
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const taken = files.flatMap((file) => {
    const [seriesId = '', ending] = file.split('.');
    const request = names.find((name) => name === ending);
    return request === undefined ? [] : [{ file, seriesId, request }];
  });
  for (const { file } of taken) await rm(join(folder, file), { force: true });
  return taken;
}
