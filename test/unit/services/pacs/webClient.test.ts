import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFileMeta } from '../../../../src-main/formats/dicom/fileMeta.ts';
import type { PacsClient } from '../../../../src-main/services/pacs/pacsClient.ts';
import { webNodeSchema } from '../../../../src-main/services/pacs/pacsNode.ts';
import { createWebClient } from '../../../../src-main/services/pacs/web/webClient.ts';

let folder: string;
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let client: PacsClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-web-'));
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = clientTo({});
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function clientTo(more: object, secret = 'secret'): PacsClient {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/dicom-web/`;
  return createWebClient(webNodeSchema.parse({ kind: 'dicomweb', name: 'web', url, ...more }), secret);
}

const json = (response: ServerResponse, value: unknown): void => {
  response.setHeader('Content-Type', 'application/dicom+json').end(JSON.stringify(value));
};

const uids: Readonly<Record<string, string>> = { a: '1.2.3.1', b: '1.2.3.2' };

/** Files with meta information and a few bytes of content. */
function images(...names: string[]): string[] {
  return names.map((name) => {
    const path = join(folder, name);
    const meta = {
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUid: uids[name] ?? '',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    };
    writeFileSync(path, Buffer.concat([encodeFileMeta(meta), Buffer.from(`content of ${name}`)]));
    return path;
  });
}

describe('QIDO-RS', () => {
  it('asks for what is wanted and understands names, numbers and lists', async () => {
    let url = '';
    answer = (request, response) => {
      url = request.url ?? '';
      json(response, [
        {
          '0020000D': { vr: 'UI', Value: ['1.2.3'] },
          '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jörg' }] },
          '00100020': { vr: 'LO', Value: ['P1'] },
          '00080020': { vr: 'DA', Value: ['20261122'] },
          '00080061': { vr: 'CS', Value: ['MR', 'CT'] },
          '00201208': { vr: 'IS', Value: [42] },
        },
      ]);
    };
    const query = {
      patientName: 'Mü*',
      modality: 'MR',
      dateFrom: '2026-11-01',
      dateTo: '2026-11-30',
      limit: 7,
    };
    const { studies, truncated } = await client.findStudies(query);
    expect(truncated).toBe(false);
    expect(studies).toEqual([
      {
        studyInstanceUid: '1.2.3',
        patientName: 'Müller^Jörg',
        patientId: 'P1',
        studyDate: '2026-11-22',
        description: '',
        accessionNumber: '',
        modalities: ['MR', 'CT'],
        series: null,
        instances: 42,
      },
    ]);
    const asked = new URL(url, 'http://x');
    expect(asked.pathname).toBe('/dicom-web/studies');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      PatientName: 'Mü*',
      ModalitiesInStudy: 'MR',
      StudyDate: '20261101-20261130',
      limit: '8',
    });
    expect(asked.searchParams.has('PatientID')).toBe(false);
  });

  it('takes an empty answer for nothing found', async () => {
    answer = (_request, response) => response.writeHead(204).end();
    expect(await client.findStudies({})).toEqual({ studies: [], truncated: false });
  });

  it('says that there are more studies than it was asked for', async () => {
    answer = (_request, response) =>
      json(
        response,
        ['1', '2', '3'].map((uid) => ({ '0020000D': { vr: 'UI', Value: [uid] } })),
      );
    const { studies, truncated } = await client.findStudies({ limit: 2 });
    expect([studies.map(({ studyInstanceUid }) => studyInstanceUid), truncated]).toEqual([['1', '2'], true]);
  });

  it('sends a bearer token or a user with a password', async () => {
    const seen: (string | undefined)[] = [];
    answer = (request, response) => {
      seen.push(request.headers.authorization);
      json(response, []);
    };
    await client.echo();
    await clientTo({ auth: 'bearer' }).echo();
    await clientTo({ auth: 'basic', user: 'u' }, 'p:ä').echo();
    expect(seen).toEqual([undefined, 'Bearer secret', `Basic ${Buffer.from('u:p:ä').toString('base64')}`]);
  });

  it.each([
    [401, 'web refuses: it does not accept the sign-in (HTTP 401).'],
    [302, 'web could not do it: it answers with HTTP 302.'],
    [500, 'web could not do it: it answers with HTTP 500.'],
  ])('says what HTTP %s means', async (status, message) => {
    answer = (_request, response) => response.writeHead(status, { Location: 'http://elsewhere/' }).end();
    await expect(client.echo()).rejects.toThrow(message);
  });

  it('says of an answer that is something else what it is not', async () => {
    answer = (_request, response) => response.end('<html>');
    await expect(client.echo()).rejects.toThrow('its answer is no JSON');
    answer = (_request, response) => json(response, { error: 1 });
    await expect(client.echo()).rejects.toThrow('its answer is no DICOM JSON');
  });

  it('stops at once when it is no longer wanted', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await expect(client.echo({ signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('WADO-RS', () => {
  const parts = [Buffer.from('first\r\n--image'), Buffer.alloc(30_000, 7)];
  const multipart = Buffer.concat([
    ...parts.flatMap((image) => [
      Buffer.from('--b-1\r\nContent-Type: application/dicom\r\n\r\n'),
      image,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--b-1--'),
  ]);
  const send = (response: ServerResponse, bytes: Buffer, step: number): void => {
    response.setHeader('Content-Type', 'multipart/related; type="application/dicom"; boundary="b-1"');
    const next = (at: number): void => {
      if (at >= bytes.length) response.end();
      else response.write(bytes.subarray(at, at + step), () => next(at + step));
    };
    next(0);
  };

  it.each([7, 1000, 1 << 20])('writes each part as a file, whatever the chunks (%i bytes)', async (step) => {
    answer = (_request, response) => send(response, multipart, step);
    expect(await client.retrieve({ studyInstanceUid: '1.2' }, folder)).toBe(2);
    const files = readdirSync(folder).sort();
    expect(files.map((name) => readFileSync(join(folder, name)))).toEqual(parts);
  });

  it('fails when the answer ends in the middle, and leaves no half-written file', async () => {
    answer = (_request, response) => send(response, multipart.subarray(0, 10_000), 1000);
    await expect(client.retrieve({ studyInstanceUid: '1.2' }, folder)).rejects.toThrow(
      'its answer breaks off',
    );
    expect(readdirSync(folder)).toEqual(['000001.dcm']);
  });
});

describe('an answer that breaks off', () => {
  const begun = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    new Promise((resolve) => {
      request.resume().on('end', () => {
        response
          .writeHead(200, { 'Content-Type': 'application/dicom+json' })
          .write('[{"0020', () => resolve());
      });
    });

  it.each([
    ['is closed', (response: ServerResponse) => response.destroy()],
    ['is reset', (response: ServerResponse) => void response.socket?.resetAndDestroy()],
  ])('because the connection %s is one that may be whole next time', async (_how, tear) => {
    answer = (request, response) =>
      void begun(request, response).then(() => setTimeout(() => tear(response), 20));
    await expect(client.findSeries('1.2')).rejects.toMatchObject({ code: 'PACS_UNREACHABLE' });
    await expect(client.send(images('a'))).rejects.toMatchObject({ code: 'PACS_UNREACHABLE' });
  });

  it('because nobody wants it any more is an abort', async () => {
    const stop = new AbortController();
    answer = (request, response) =>
      void begun(request, response).then(() => setTimeout(() => stop.abort(), 20));
    await expect(client.findSeries('1.2', { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('STOW-RS', () => {
  const kept = (...names: string[]): object => ({
    '00081199': { vr: 'SQ', Value: names.map((name) => ({ '00081155': { vr: 'UI', Value: [uids[name]] } })) },
  });
  const failed = (name: string): object => ({
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081155': { vr: 'UI', Value: [uids[name]] }, '00081197': { vr: 'US', Value: [0xa900] } }],
    },
  });
  const reply = (value: unknown, status = 200): void => {
    answer = (request, response) => {
      request.resume().on('end', () => json(Object.assign(response, { statusCode: status }), value));
    };
  };

  it('sends all files in one body of the stated length', async () => {
    let body = '';
    let stated = 0;
    answer = (request, response) => {
      stated = Number(request.headers['content-length']);
      request.setEncoding('latin1').on('data', (text: string) => (body += text));
      request.on('end', () => json(response, kept('a', 'b')));
    };
    const steps: number[] = [];
    await client.send(images('a', 'b'), { onProgress: ({ done }) => steps.push(done) });
    expect(body.length).toBe(stated);
    expect(body.match(/content of [ab]/g)).toEqual(['content of a', 'content of b']);
    expect(steps.at(-1)).toBe(2);
  });

  it('is done when every image is acknowledged, also in a list, also one that was sent twice', async () => {
    reply([kept('a', 'b')]);
    await client.send(images('a', 'b'));
    reply(kept('a'), 202);
    await client.send([...images('a'), ...images('a')]);
  });

  it.each([
    ['one image failed', failed('b'), 'were not stored (status 0xa900)'],
    [
      'one image failed, said in a list with 202',
      [{ ...kept('a'), ...failed('b') }],
      '1 of 2 images were not stored',
    ],
    ['one that it keeps failed, too', { ...kept('a', 'b'), ...failed('b') }, '1 of 2 images were not stored'],
    ['it is queued', { message: 'queued' }, 'it does not acknowledge 2 of 2 images'],
    ['nothing', [], 'it does not acknowledge 2 of 2 images'],
    ['one image twice', kept('a', 'a'), 'it does not acknowledge 1 of 2 images'],
    ['other images', { '00081199': { Value: [{}, {}] } }, 'it does not acknowledge 2 of 2 images'],
  ])('is not done by an answer that says: %s', async (_what, said, message) => {
    reply(said, Array.isArray(said) ? 202 : 200);
    await expect(client.send(images('a', 'b'))).rejects.toThrow(message);
  });

  it('is not done by an empty answer', async () => {
    answer = (request, response) => void request.resume().on('end', () => response.writeHead(200).end());
    await expect(client.send(images('a', 'b'))).rejects.toThrow('it does not acknowledge 2 of 2 images');
  });
});
