import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeConfigSchema } from '../../../../src-main/services/node/nodeConfig.ts';
import { afterRequest } from '../../../../src-main/services/node/seriesRequests.ts';
import { createSeriesInbox, type SeriesInbox } from '../../../../src-main/services/node/seriesInbox.ts';
import {
  receivedDirectory,
  seriesIdOf,
  type SeriesState,
} from '../../../../src-main/services/node/seriesState.ts';
import { openSeriesStore, type SeriesStore } from '../../../../src-main/services/node/seriesStore.ts';
import { settleSeries, type SettleContext } from '../../../../src-main/services/node/settleSeries.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
let store: SeriesStore;
let inbox: SeriesInbox;
/** Seconds that have passed since the last image. */
let quiet: number;
let lines: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-settle-'));
  store = await openSeriesStore(folder);
  inbox = createSeriesInbox(store, () => Date.now() - 1000 * quiet);
  quiet = 100;
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const seriesId = seriesIdOf('1.2.3');
const peer = { kind: 'dimse', name: 'archive', host: '127.0.0.1', port: 1, aeTitle: 'PACS' };

async function arrive(...instances: number[]): Promise<void> {
  for (const instance of instances) {
    const sopInstanceUid = `1.2.3.${instance}`;
    const path = join(folder, `spooled ${instance}`);
    writeFileSync(path, buildDicom({ modality: 'MR', sopInstanceUid, seriesInstanceUid: '1.2.3' }));
    await inbox.take({
      ...{ sopInstanceUid, path, sopClassUid: '1', transferSyntaxUid: '1' },
      senderAeTitle: 'SCANNER',
    });
  }
}

async function settle({
  modality = 'MR',
  askCount = () => Promise.resolve(null),
}: { modality?: string; askCount?: SettleContext['askCount'] } = {}): Promise<SeriesState> {
  const config = nodeConfigSchema.parse({
    receiver: {},
    rules: [{ modality, model: 'm' }],
    destinations: [peer],
  });
  const log = (message: string): void => void lines.push(message);
  const { signal } = new AbortController();
  await settleSeries(store.list()[0]!, { config, store, inbox, askCount, signal, log });
  return store.list()[0]!;
}

describe('a series whose images have come', () => {
  it('is worked on by its rule, or nobody’s and its images are taken away', async () => {
    await arrive(1, 2, 3);
    expect(await settle()).toMatchObject({
      ...{ status: 'waiting', images: 3, modelId: 'm', destinations: ['archive'] },
    });
    await arrive(4);
    expect(await settle({ modality: 'CT' })).toMatchObject({ status: 'ignored', images: 4 });
    expect(existsSync(receivedDirectory(folder, seriesId))).toBe(false);
    expect(lines).toEqual(['3 images from SCANNER, for m', '4 images from SCANNER: no rule is for them']);
  });

  it('is no fragment of one that was done: late images alone are incomplete, the whole again is not', async () => {
    await arrive(1, 2, 3);
    await store.update(await settle(), { status: 'done' });
    rmSync(receivedDirectory(folder, seriesId), { recursive: true });
    await arrive(4);
    expect(await settle()).toMatchObject({ status: 'receiving', round: 2 });
    quiet = 1000;
    await arrive(4);
    expect(await settle()).toMatchObject({
      status: 'failed',
      reason: { code: 'SERIES_INCOMPLETE', text: '1 of the 3 images it had before have come.' },
    });
    await arrive(1, 2, 3);
    expect(await settle()).toMatchObject({ status: 'waiting', round: 3, images: 4 });
  });

  it('waits for those that the source knows of, and says how many are missing', async () => {
    quiet = 1000;
    await arrive(1, 2);
    expect(await settle({ askCount: () => Promise.resolve(3) })).toMatchObject({
      status: 'failed',
      reason: { text: '2 of 3 images have come.' },
    });
  });

  it('may have fewer than before where its source says so, or a person takes it as it is', async () => {
    await arrive(1, 2, 3);
    await store.update(await settle(), { status: 'done' });
    rmSync(receivedDirectory(folder, seriesId), { recursive: true });
    quiet = 1000;
    await arrive(1, 2);
    const failed = await settle();
    expect(failed).toMatchObject({ status: 'failed', reason: { code: 'SERIES_INCOMPLETE' } });
    await store.change(seriesId, () => afterRequest(failed, 'release'));
    expect(await settle()).toMatchObject({ status: 'waiting', images: 2 });
    await store.change(seriesId, () => afterRequest(failed, 'retry'));
    expect(await settle({ askCount: () => Promise.resolve(2) })).toMatchObject({
      status: 'waiting',
      images: 2,
    });
  });

  it('is waited for anew when an image comes while the source is asked', async () => {
    await arrive(1, 2);
    const askCount = async (): Promise<null> => {
      quiet = 0;
      await arrive(3);
      return null;
    };
    expect(await settle({ askCount })).toMatchObject({ status: 'receiving' });
    expect(lines).toEqual([]);
  });

  it('whose images were taken away ends in words', async () => {
    quiet = 1000;
    await arrive(1);
    rmSync(receivedDirectory(folder, seriesId), { recursive: true });
    expect(await settle()).toMatchObject({
      status: 'failed',
      reason: { code: 'SERIES_INCOMPLETE', text: 'None of its images is there any more.' },
    });
  });

  it('is told nobody’s before its images are taken away', async () => {
    await arrive(1);
    const state = join(folder, 'node/series', seriesId, 'state.json');
    rmSync(state);
    mkdirSync(state);
    await expect(settle({ modality: 'CT' })).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect(existsSync(join(receivedDirectory(folder, seriesId), '1.2.3.1.dcm'))).toBe(true);
  });
});
