import { afterEach, describe, expect, it, vi } from 'vitest';
import { client, ClientError, isAbort } from '../../../src-renderer/lib/client.ts';
import { fakeServer, refusal } from '../fixtures/fakeServer.ts';

afterEach(() => vi.unstubAllGlobals());

const header = { size: [2, 1, 1], indexToLps: [], type: 'int16', unit: 'HU', typicalRange: [0, 1] };

function volumeAnswer(bytes: Uint8Array<ArrayBuffer>, length = bytes.length): Response {
  return new Response(bytes, {
    headers: { 'Ilium-Volume': JSON.stringify(header), 'content-length': String(length) },
  });
}

describe('client', () => {
  it('throws what the server says, with its code and details', async () => {
    fakeServer({ 'GET /api/cases/x': () => refusal('CASE_NOT_FOUND', 404, { case: 'x' }) });
    const error = await client.get('/api/cases/x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code: 'CASE_NOT_FOUND', details: { case: 'x' }, status: 404 });
  });

  it('says that nobody answers when there is no answer', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(client.get('/api/session')).rejects.toMatchObject({ code: 'SERVER_GONE' });
  });

  it('lets an abort through as an abort', async () => {
    fakeServer();
    const error = await client
      .bytes('/api/session', { signal: AbortSignal.abort() })
      .catch((reason: unknown) => reason);
    expect(isAbort(error)).toBe(true);
  });

  it('keeps the voxel type of a volume and reports progress', async () => {
    fakeServer({
      'GET /api/cases/a/volumes/ct': () => volumeAnswer(new Uint8Array(new Int16Array([-1000, 300]).buffer)),
    });
    const seen: number[] = [];
    const volume = await client.volume('a', 'ct', { onProgress: (done) => seen.push(done) });
    expect(volume.data).toEqual(new Int16Array([-1000, 300]));
    expect(seen.at(-1)).toBe(4);
  });

  it('refuses a volume that ends too early', async () => {
    fakeServer({ 'GET /api/cases/a/volumes/ct': () => volumeAnswer(new Uint8Array(2), 4) });
    await expect(client.volume('a', 'ct')).rejects.toThrow('2 of 4 bytes');
  });
});
