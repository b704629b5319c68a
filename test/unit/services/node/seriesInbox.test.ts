import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFileMeta } from '../../../../src-main/formats/dicom/fileMeta.ts';
import {
  countReceived,
  createSeriesInbox,
  type SeriesInbox,
} from '../../../../src-main/services/node/seriesInbox.ts';
import {
  closeRequest,
  listRequests,
  requestOfSeries,
} from '../../../../src-main/services/node/seriesRequests.ts';
import {
  listSeriesStates,
  receivedDirectory,
  seriesDirectory,
  seriesIdOf,
} from '../../../../src-main/services/node/seriesState.ts';
import { openSeriesStore, type SeriesStore } from '../../../../src-main/services/node/seriesStore.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-node-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('images that arrive', () => {
  let store: SeriesStore;
  let inbox: SeriesInbox;
  let clock: number;
  const seriesId = seriesIdOf('1.2.3');

  beforeEach(async () => {
    clock = 1000;
    store = await openSeriesStore(folder);
    inbox = createSeriesInbox(store, () => clock);
  });

  async function arrive(instance: number, announced?: number): Promise<void> {
    const sopInstanceUid = `1.2.3.${instance}`;
    const meta = {
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      sopInstanceUid,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    };
    const dataSet = buildDicom({
      meta: 'none',
      preamble: false,
      modality: 'MR',
      sopInstanceUid,
      seriesInstanceUid: '1.2.3',
      extra: [
        { tag: '00100010', vr: 'PN', value: 'Doe^Jane' },
        ...(announced === undefined ? [] : [{ tag: '00201209', vr: 'IS', value: String(announced) }]),
      ],
    });
    const path = join(folder, `spooled ${instance}`);
    writeFileSync(path, Buffer.concat([encodeFileMeta(meta), dataSet]));
    await inbox.take({ ...meta, path, senderAeTitle: 'SCANNER' });
  }
  const states = (): Promise<unknown> => listSeriesStates(folder);

  it('make a series that names no patient, and are counted', async () => {
    await Promise.all([arrive(1, 24), arrive(2, 24)]);
    clock = 5000;
    await arrive(3, 24);
    expect(inbox.arrivals(seriesId)).toEqual({ lastAt: 5000, expected: 24 });
    expect(await countReceived(folder, seriesId)).toBe(3);
    expect(await states()).toMatchObject([
      { seriesId, status: 'receiving', round: 1, caller: 'SCANNER', seriesInstanceUid: '1.2.3' },
    ]);
    expect(JSON.stringify(await states())).not.toContain('Doe');
    expect(readdirSync(folder)).toEqual(['node']);
  });

  it('make a series begin anew that was under way, and what was found out of the earlier round is dropped', async () => {
    await arrive(1);
    const [before] = store.list();
    const waiting = await store.update(before!, { status: 'waiting', sctId: 'sct-1' });
    expect(waiting).toMatchObject({ sctId: 'sct-1' });
    await arrive(2);
    expect(store.list()).toMatchObject([{ status: 'receiving', round: 2, sentTo: [] }]);
    expect(store.list()[0]).not.toHaveProperty('sctId');
    expect(await store.update(waiting!, { caseId: 'late' })).toBeUndefined();
  });

  it('change nothing when they are there already', async () => {
    await arrive(1);
    await store.update(store.list()[0]!, { status: 'stopped', images: 1 });
    await arrive(1);
    expect(store.list()).toMatchObject([{ status: 'stopped', round: 1 }]);
  });

  it('are refused when they cannot be read, and another is taken after that', async () => {
    const path = join(folder, 'garbage');
    writeFileSync(path, 'nothing of the kind');
    const garbage = {
      sopClassUid: '1',
      sopInstanceUid: '1',
      transferSyntaxUid: '1',
      senderAeTitle: 'S',
      path,
    };
    await expect(inbox.take(garbage)).rejects.toBeInstanceOf(AppError);
    await arrive(1);
    expect(store.list()).toHaveLength(1);
  });

  it('are found again by a node that starts anew', async () => {
    await arrive(1);
    expect((await openSeriesStore(folder)).list()).toMatchObject([{ seriesId, status: 'receiving' }]);
  });

  it('can be asked for again by a person, once', async () => {
    await arrive(1);
    await store.update(store.list()[0]!, { status: 'failed' });
    await requestOfSeries(folder, seriesId, 'retry');
    // Until it was done as asked it is not forgotten.
    expect(await listRequests(folder)).toEqual([{ seriesId, request: 'retry' }]);
    expect(await listRequests(folder)).toEqual([{ seriesId, request: 'retry' }]);
    await closeRequest(folder, { seriesId, request: 'retry' });
    expect(await listRequests(folder)).toEqual([]);
    await expect(requestOfSeries(folder, '../../etc', 'retry')).rejects.toThrow('holds no series ../../etc');
  });

  it('cannot be asked for what there is nothing to do with', async () => {
    await arrive(1);
    const refused = (request: 'retry' | 'release'): Promise<void> =>
      expect(requestOfSeries(folder, seriesId, request)).rejects.toThrow(
        `There is nothing to ${request}: series ${seriesId} is receiving.`,
      );
    await refused('retry');
    await refused('release');
    expect(await listRequests(folder)).toEqual([]);
  });

  it('are taken up when they come again after a crash came between file and state', async () => {
    await arrive(1);
    await store.update(store.list()[0]!, { status: 'waiting', images: 1 });
    // The file of the second lies there, and nobody was told.
    writeFileSync(join(receivedDirectory(folder, seriesId), '1.2.3.2.dcm'), 'as it came');
    await arrive(2);
    expect(store.list()).toMatchObject([{ status: 'receiving', round: 2 }]);
  });

  it('are refused when their state cannot be written, and taken up when they come again', async () => {
    await arrive(1);
    await store.update(store.list()[0]!, { status: 'waiting', images: 1 });
    const state = join(seriesDirectory(folder, seriesId), 'state.json');
    const text = readFileSync(state);
    rmSync(state);
    mkdirSync(state);
    await expect(arrive(2)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    rmSync(state, { recursive: true });
    writeFileSync(state, text);
    expect(store.list()).toMatchObject([{ status: 'waiting', round: 1 }]);
    await arrive(2);
    expect(store.list()).toMatchObject([{ status: 'receiving', round: 2 }]);
  });

  it('of a series that is over remember how many there were, in every later round', async () => {
    await arrive(1);
    await store.update(store.list()[0]!, { status: 'done', images: 24 });
    rmSync(receivedDirectory(folder, seriesId), { recursive: true });
    await arrive(2);
    expect(store.list()).toMatchObject([{ status: 'receiving', round: 2, imagesBefore: 24 }]);
    await store.update(store.list()[0]!, { status: 'failed', images: 1 });
    await arrive(3);
    expect(store.list()).toMatchObject([{ round: 3, imagesBefore: 24 }]);
  });

  it('leave a folder alone that has no state yet', async () => {
    mkdirSync(join(folder, 'node/series/0123456789ab/received'), { recursive: true });
    expect(await states()).toEqual([]);
  });
});
