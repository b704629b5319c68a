import { connect } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFileMeta, readFileMeta } from '../../../../src-main/formats/dicom/fileMeta.ts';
import { createDimseClient } from '../../../../src-main/services/pacs/dimse/dimseClient.ts';
import {
  openReceiver,
  type Receiver,
  type ReceiverOptions,
} from '../../../../src-main/services/pacs/dimse/receiver.ts';
import type { PacsClient } from '../../../../src-main/services/pacs/pacsClient.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { buildDicom, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

let folder: string;
let receiver: Receiver | undefined;
let received: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-dimse-'));
  received = [];
});
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function listen(options: Partial<ReceiverOptions> = {}): Promise<PacsClient> {
  receiver = await openReceiver({
    aeTitle: 'STORE',
    host: '127.0.0.1',
    port: 0,
    sink: {
      folder,
      take: ({ path, sopInstanceUid }) => {
        renameSync(path, join(folder, `${sopInstanceUid}.dcm`));
        received.push(sopInstanceUid);
        return Promise.resolve();
      },
    },
    ...options,
  });
  return clientTo(receiver.port);
}

function clientTo(port: number, aeTitle = 'STORE'): PacsClient {
  const node = { kind: 'dimse', name: 'archive', host: '127.0.0.1', port, aeTitle, retrieve: 'get' } as const;
  return createDimseClient(node, { aeTitle: 'ILIUM', port: 11112, host: '127.0.0.1' });
}

const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  bigEndian: '1.2.840.10008.1.2.2',
};
const mrImage = '1.2.840.10008.5.1.4.1.1.4';

function writeSlice(name: string, slice: BuiltSlice): string {
  const path = join(folder, name);
  const sopInstanceUid = slice.sopInstanceUid ?? `1.2.3.${name.length}`;
  const transferSyntaxUid = syntaxes[slice.encoding ?? 'explicit'];
  const meta = encodeFileMeta({ sopClassUid: mrImage, sopInstanceUid, transferSyntaxUid });
  const dataSet = buildDicom({ ...slice, sopInstanceUid, meta: 'none', preamble: false });
  writeFileSync(path, Buffer.concat([meta, dataSet]));
  return path;
}

const dataSetOf = (path: string): Uint8Array => {
  const bytes = readFileSync(path);
  return bytes.subarray(readFileMeta(bytes, path).dataSetOffset);
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('C-ECHO', () => {
  it('is answered by the receiver', async () => {
    const client = await listen();
    await expect(client.echo()).resolves.toBeUndefined();
  });

  it('says of a port where nothing listens that the node cannot be reached', async () => {
    await listen();
    const port = receiver?.port ?? 0;
    await receiver?.close();
    receiver = undefined;
    expect(await codeOf(clientTo(port).echo())).toBe('PACS_UNREACHABLE');
  });

  it('says of a wrong AE title that the node refuses, and why', async () => {
    await listen();
    const client = clientTo(receiver?.port ?? 0, 'OTHER');
    await expect(client.echo()).rejects.toThrow('archive refuses: it is not called OTHER.');
  });

  it('is refused to callers that are not listed', async () => {
    const client = await listen({ callers: ['SCANNER'] });
    await expect(client.echo()).rejects.toThrow('it does not know our AE title ILIUM');
  });

  it('stops at once when its signal is aborted, although the peer says nothing', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const stop = new AbortController();
    const { port } = silent.address() as { port: number };
    const echo = clientTo(port).echo({ signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(echo).rejects.toMatchObject({ name: 'AbortError' });
    silent.close();
  });
});

describe('C-STORE', () => {
  it('keeps every byte of the data set, private elements and decimal strings included', async () => {
    const path = writeSlice('private', {
      extra: [
        { tag: '00290010', vr: 'LO', value: 'SIEMENS CSA HEADER' },
        { tag: '00291010', vr: 'OB', value: new Uint8Array([1, 2, 3, 250]) },
        { tag: '00181310', vr: 'DS', value: '-3.33333333e-008' },
      ],
    });
    const client = await listen();
    await client.send([path]);
    expect(received).toHaveLength(1);
    const stored = join(folder, `${received[0]}.dcm`);
    expect(Buffer.from(dataSetOf(stored)).equals(dataSetOf(path))).toBe(true);
    expect(readFileMeta(readFileSync(stored), '').sopInstanceUid).toBe(received[0]);
  });

  it('sends a file in its own syntax, implicit and big endian as well', async () => {
    const client = await listen();
    for (const encoding of ['implicit', 'bigEndian'] as const) {
      const path = writeSlice(encoding, { encoding });
      await client.send([path]);
      const stored = join(folder, `${received.at(-1)}.dcm`);
      expect(Buffer.from(dataSetOf(stored)).equals(dataSetOf(path))).toBe(true);
    }
  });

  it('tells how many images were sent', async () => {
    const files = ['a', 'bb', 'ccc'].map((name) => writeSlice(name, {}));
    const client = await listen();
    const steps: number[] = [];
    await client.send(files, { onProgress: ({ done }) => steps.push(done) });
    expect(steps).toEqual([1, 2, 3]);
  });

  it('fails when the receiver has no room, and leaves no half-written file', async () => {
    const path = writeSlice('full', {});
    const take = (): Promise<void> => Promise.reject(new AppError('DISK_FULL', { path: 'disk' }));
    const client = await listen({ sink: { folder, take } });
    await expect(client.send([path])).rejects.toThrow('1 of 1 images were not stored (status 0xa700)');
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('fails alike when the disk cannot be written, and the receiver goes on', async () => {
    const path = writeSlice('unwritable', {});
    const place = join(folder, 'gone');
    const client = await listen({ sink: { folder: place, take: () => Promise.resolve() } });
    await expect(client.send([path])).rejects.toThrow('(status 0xa700)');
    await expect(client.echo()).resolves.toBeUndefined();
  });

  it('refuses an instance whose UID is no UID, so that it cannot name a place on the disk', async () => {
    const path = writeSlice('evil', { sopInstanceUid: '../../evil' });
    const client = await listen();
    expect(await codeOf(client.send([path]))).toBe('PACS_FAILED');
    expect(received).toEqual([]);
  });
});

describe('a receiver', () => {
  it.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a unit that claims four gigabytes', Buffer.from([4, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])],
    ['data without an association', Buffer.from([4, 0, 0, 0, 0, 4, 0, 0, 0, 0])],
    ['an abort', Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 0, 0])],
    ['a cut association request', Buffer.from([1, 0, 0, 0, 0, 4, 0, 0, 0, 0])],
  ])('drops a peer that sends %s and serves the next', async (_name, bytes) => {
    const client = await listen();
    const peer = connect(receiver?.port ?? 0, '127.0.0.1');
    peer.on('error', () => undefined);
    await once(peer, 'connect');
    peer.write(bytes);
    await once(peer, 'close');
    await expect(client.echo()).resolves.toBeUndefined();
  });

  it('says where and why it cannot listen', async () => {
    await listen();
    const again = openReceiver({
      aeTitle: 'B',
      host: '127.0.0.1',
      port: receiver?.port ?? 0,
      sink: { folder, take: () => Promise.resolve() },
    });
    expect(await codeOf(again)).toBe('RECEIVER_FAILED');
  });
});
