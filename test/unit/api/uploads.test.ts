import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApiWorld, origin, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
let upload: string;
beforeEach(async () => {
  world = await openApiWorld();
  ({ upload } = (await (await world.send('POST', '/api/uploads')).json()) as { upload: string });
});
afterEach(() => world.dispose());

type Part = string | Uint8Array<ArrayBuffer> | DataView<ArrayBuffer>;

const bytesOf = (body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;

/** The parts of one file in a body: length of the header, header, bytes. */
function frame(path: string, body: string | Uint8Array<ArrayBuffer>, size = bytesOf(body).length): Part[] {
  const header = bytesOf(JSON.stringify({ path, size }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, header.length, true);
  return [length, header, bytesOf(body)];
}

const send = (parts: Part[] | null, to = upload): Promise<Response> =>
  world.request(`/api/uploads/${to}/files`, {
    method: 'PUT',
    headers: { Origin: origin },
    body: parts && new Blob(parts),
  });

const put = (path: string, body: string | Uint8Array<ArrayBuffer>, to = upload): Promise<Response> =>
  send(frame(path, body), to);

const refused = [400, { error: { code: 'BAD_REQUEST' } }];

describe('uploads', () => {
  it('keep dropped files under their relative paths until they are removed', async () => {
    expect((await put('Study/MR/IM0001', 'first')).status).toBe(204);
    expect((await put('Study\\MR\\IM0002', new Uint8Array([1, 2, 3]))).status).toBe(204);
    expect((await put('empty', '')).status).toBe(204);
    const folder = await world.services.uploads.directory(upload);
    expect(readFileSync(join(folder, 'Study/MR/IM0001'), 'utf8')).toBe('first');
    expect([...readFileSync(join(folder, 'Study/MR/IM0002'))]).toEqual([1, 2, 3]);
    expect(readFileSync(join(folder, 'empty'))).toHaveLength(0);
    expect((await world.send('DELETE', `/api/uploads/${upload}`)).status).toBe(204);
    expect(existsSync(folder)).toBe(false);
    expect((await world.send('DELETE', `/api/uploads/${upload}`)).status).toBe(204);
    expect((await put('late', 'x')).status).toBe(404);
  });

  it.each([
    '../outside', 'a/../../outside', '/etc/passwd', 'C:\\Windows\\win.ini', 'C:file', '\\\\server\\share', 'a//b', './a', 'a/.',
    '', 'nul', 'COM1.txt', 'a\u0000b', 'name.', 'name ', 'x'.repeat(300), `${'x/'.repeat(3000)}x`,
  ])('refuse a path that leads elsewhere: %j', async (path) => {
    const before = readdirSync(world.folder, { recursive: true }).length;
    const response = await put(path, 'x');
    expect([response.status, await response.json()]).toMatchObject(refused);
    expect(readdirSync(world.folder, { recursive: true })).toHaveLength(before);
  }); // prettier-ignore

  it('take many files in one request, whatever pieces it arrives in', async () => {
    const long = new Uint8Array(300_000).map((_, at) => at % 251);
    const parts = [
      ...frame('a', 'first'),
      ...frame('b/long', long),
      ...frame('ü', ''),
      ...frame('c', 'last'),
    ];
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let at = 0;
    const pieces = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += at < 200 ? 1 : 777)));
      },
    });
    const init = { method: 'PUT', headers: { Origin: origin }, body: pieces, duplex: 'half' as const };
    expect((await world.request(`/api/uploads/${upload}/files`, init)).status).toBe(204);
    const folder = await world.services.uploads.directory(upload);
    expect([...readFileSync(join(folder, 'b/long'))]).toEqual([...long]);
    expect(['a', 'ü', 'c'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      'first',
      '',
      'last',
    ]);
  });

  it('need nothing in a request, but no half of a file', async () => {
    expect((await send(null)).status).toBe(204);
    expect((await send(frame('short', 'x', 2))).status).toBe(400);
    expect(existsSync(join(await world.services.uploads.directory(upload), 'short'))).toBe(false);
  });

  it.each([
    ['fewer bytes than a length', ['abc']],
    ['a header of absurd length', ['\u007f\u007f\u007f\u007f']],
    ['a header that is no JSON', [new Uint8Array([1, 0, 0, 0]), '{']],
    ['a header without a size', [new Uint8Array([12, 0, 0, 0]), '{"path":"a"}']],
    ['a negative size', [new Uint8Array([22, 0, 0, 0]), '{"path":"a","size":-1}']],
    ['a size that is no number', [new Uint8Array([23, 0, 0, 0]), '{"path":"a","size":"1"}']],
  ])('refuse %s', async (_, parts) => {
    const response = await send(parts);
    expect([response.status, await response.json()]).toMatchObject(refused);
  });

  it('need an upload that is known', async () => {
    expect((await put('a', 'x', 'upload-00000000-0000-0000-0000-000000000000')).status).toBe(404);
    expect((await put('a', 'x', '..')).status).toBe(404);
    expect((await put('a', 'x', '..%2f..%2fcases')).status).toBe(404);
  });

  it('do not take one path twice', async () => {
    await put('a', 'first');
    expect((await put('a', 'second')).status).toBe(400);
    expect(readFileSync(join(await world.services.uploads.directory(upload), 'a'), 'utf8')).toBe('first');
  });
});
