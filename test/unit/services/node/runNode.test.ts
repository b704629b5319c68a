import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFileMeta } from '../../../../src-main/formats/dicom/fileMeta.ts';
import { nodeConfigSchema } from '../../../../src-main/services/node/nodeConfig.ts';
import { runNode } from '../../../../src-main/services/node/runNode.ts';
import { requestOfSeries } from '../../../../src-main/services/node/seriesRequests.ts';
import {
  receivedDirectory,
  readSeriesState,
  seriesIdOf,
  writeSeriesState,
  type SeriesState,
} from '../../../../src-main/services/node/seriesState.ts';
import { createDimseClient } from '../../../../src-main/services/pacs/dimse/dimseClient.ts';
import { dimseNodeSchema } from '../../../../src-main/services/pacs/pacsNode.ts';
import { buildDicom } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
let stop: AbortController;
let lines: string[];
let running: Promise<void>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-run-node-'));
  stop = new AbortController();
  lines = [];
  running = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await running;
  rmSync(folder, { recursive: true, force: true });
});

const peer = { kind: 'dimse', name: 'archive', host: '127.0.0.1', port: 1, aeTitle: 'PACS' };

/** Starts a node whose one rule is for CT; `onListening` may change the disk before it looks at anything. Resolves with its port. */
function start(more: object = {}, onListening: () => void = () => undefined): Promise<number> {
  const config = nodeConfigSchema.parse({
    receiver: { aeTitle: 'NODE' },
    rules: [{ modality: 'CT', model: 'bundled:phantom' }],
    destinations: [peer],
    completeness: { quietSeconds: 0.05, longestWaitSeconds: 0.4 },
    retry: { firstSeconds: 0.2, longestSeconds: 0.2 },
    ...more,
  });
  return new Promise((resolve, reject) => {
    running = runNode({
      config: { ...config, receiver: { ...config.receiver, port: 0 } },
      configPath: join(folder, 'node.json'),
      workspaceDirectory: folder,
      signal: stop.signal,
      log: (message, seriesId) => void lines.push(`${seriesId ?? ''} ${message}`),
      onListening: (port) => {
        onListening();
        resolve(port);
      },
    });
    running.catch(reject);
  });
}

/** Waits until it is so; fails when the node ends before. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const node = { hasEnded: false };
  const end = (): void => void (node.hasEnded = true);
  void running.then(end, end);
  for (let tries = 0; tries < 200 && !node.hasEnded; tries++) {
    if (await isSo()) return;
    await pause(25);
  }
  if (node.hasEnded) await running;
  throw new Error(`It did not come to that:\n${lines.join('\n')}`);
}

const statusOf = async (uid: string): Promise<string | undefined> =>
  (await readSeriesState(folder, seriesIdOf(uid)).catch(() => undefined))?.status;
const becomes = (uid: string, status: string): Promise<void> =>
  until(async () => (await statusOf(uid)) === status);

/** A state of before the node starts, with an image of its series if `hasImage`. */
async function leave(uid: string, changes: Partial<SeriesState>, hasImage = true): Promise<string> {
  const seriesId = seriesIdOf(uid);
  await writeSeriesState(folder, {
    ...{
      schemaVersion: 1,
      seriesId,
      round: 1,
      status: 'receiving',
      caller: 'SCANNER',
      images: 0,
      sentTo: [],
    },
    ...{ receivedAt: '2026-01-02T03:04:05.000Z', studyInstanceUid: '1', seriesInstanceUid: uid, attempts: 0 },
    ...changes,
  });
  const received = receivedDirectory(folder, seriesId);
  if (hasImage) {
    mkdirSync(received, { recursive: true });
    writeFileSync(join(received, '1.dcm'), image(uid));
  }
  return seriesId;
}

function image(seriesInstanceUid: string): Buffer {
  const meta = {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
    sopInstanceUid: `${seriesInstanceUid}.1`,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
  };
  const { sopInstanceUid } = meta;
  const dataSet = buildDicom({
    meta: 'none',
    preamble: false,
    modality: 'MR',
    sopInstanceUid,
    seriesInstanceUid,
  });
  return Buffer.concat([encodeFileMeta(meta), dataSet]);
}

async function sendTo(port: number, uid: string): Promise<void> {
  const path = join(folder, `${uid}.dcm`);
  writeFileSync(path, image(uid));
  const node = dimseNodeSchema.parse({ ...peer, name: 'node', port, aeTitle: 'NODE' });
  await createDimseClient(node, { aeTitle: 'SCANNER', host: '127.0.0.1', port: 1 }).send([path]);
}

describe('a node goes on', () => {
  it('when a state cannot be written: others are worked on meanwhile, and that one later', async () => {
    const seriesId = await leave('1.2.1', {});
    const state = join(dirname(receivedDirectory(folder, seriesId)), 'state.json');
    const text = readFileSync(state);
    const port = await start({}, () => {
      rmSync(state);
      mkdirSync(state);
    });
    await until(() => lines.some((line) => line.includes('went wrong')));
    await sendTo(port, '1.2.2');
    await becomes('1.2.2', 'ignored');
    rmSync(state, { recursive: true });
    writeFileSync(state, text);
    await becomes('1.2.1', 'ignored');
    await until(() => !existsSync(receivedDirectory(folder, seriesId)));
  });

  it('when an attempt that failed cannot be written down, as on a full disk', async () => {
    const seriesId = await leave('1.2.1', {
      status: 'waiting',
      modelId: 'm',
      destinations: ['gone'],
      caseId: 'none',
    });
    const state = join(dirname(receivedDirectory(folder, seriesId)), 'state.json');
    const port = await start({}, () => {
      rmSync(state);
      mkdirSync(state);
    });
    await until(() => lines.filter((line) => line.includes('went wrong')).length > 1);
    await sendTo(port, '1.2.2');
    await becomes('1.2.2', 'ignored');
  });

  it('when the files of a series are gone', async () => {
    await leave('1.2.1', {}, false);
    await leave('1.2.2', {});
    await start();
    await becomes('1.2.2', 'ignored');
    await becomes('1.2.1', 'failed');
  });

  it('when its source breaks off in the middle of an answer', async () => {
    const source: Server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).write('[{"0020', () => {
        response.socket?.resetAndDestroy();
      });
    }).listen(0, '127.0.0.1');
    await once(source, 'listening');
    const { port } = source.address() as AddressInfo;
    await leave('1.2.1', {});
    await start({ source: { kind: 'dicomweb', name: 'source', url: `http://127.0.0.1:${port}/` } });
    await becomes('1.2.1', 'ignored');
    source.close();
  });
});

describe('what a person asks of a node', () => {
  it('is done: a series without all its images waits for them anew', async () => {
    const reason = { code: 'SERIES_INCOMPLETE', text: '1 of 2 images have come.' };
    const seriesId = await leave('1.2.1', { status: 'failed', images: 1, imagesBefore: 2, reason });
    // Once asked before the node starts, once when the silence is long over.
    await requestOfSeries(folder, seriesId, 'retry');
    await start({ completeness: { quietSeconds: 0.05, longestWaitSeconds: 1 } });
    await until(() => lines.includes(`${seriesId} is tried again`));
    await becomes('1.2.1', 'failed');
    await requestOfSeries(folder, seriesId, 'retry');
    await becomes('1.2.1', 'receiving');
    const from = Date.now();
    await becomes('1.2.1', 'failed');
    expect(Date.now() - from).toBeGreaterThan(700);
  });

  it('is not lost while its state cannot be written, and not said to be done', async () => {
    const seriesId = await leave('1.2.1', {
      status: 'held',
      modelId: 'm',
      destinations: ['gone'],
      caseId: 'none',
    });
    await requestOfSeries(folder, seriesId, 'release');
    const state = join(dirname(receivedDirectory(folder, seriesId)), 'state.json');
    const text = readFileSync(state);
    await start({}, () => {
      rmSync(state);
      mkdirSync(state);
    });
    await until(() => lines.some((line) => line.includes('went wrong')));
    expect(lines.join()).not.toContain('is released');
    rmSync(state, { recursive: true });
    writeFileSync(state, text);
    await until(() => lines.some((line) => line.includes('is released')));
    expect(existsSync(join(folder, 'node/requests', `${seriesId}.release`))).toBe(false);
  });
});

describe('a series that is over', () => {
  it('is forgotten after keepDays, and what a crash left of its images is taken away before', async () => {
    const old = await leave('1.2.1', { status: 'done' });
    const young = await leave('1.2.2', { status: 'done' });
    const held = await leave('1.2.3', { status: 'held' });
    for (const seriesId of [old, held]) {
      const path = join(folder, 'node/series', seriesId, 'state.json');
      const state = JSON.parse(readFileSync(path, 'utf8')) as SeriesState;
      const changedAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
      writeFileSync(path, JSON.stringify({ ...state, changedAt }));
    }
    await start({ keepDays: 2 });
    await until(() => !existsSync(join(folder, 'node/series', old)));
    await until(() => !existsSync(receivedDirectory(folder, young)));
    expect(await statusOf('1.2.2')).toBe('done');
    expect(await statusOf('1.2.3')).toBe('held');
    expect(existsSync(receivedDirectory(folder, held))).toBe(true);
  });
});
