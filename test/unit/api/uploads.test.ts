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

const put = (path: string, body: string | Uint8Array<ArrayBuffer> | null, to = upload): Promise<Response> =>
  world.request(`/api/uploads/${to}/files?path=${encodeURIComponent(path)}`, {
    method: 'PUT',
    headers: { Origin: origin },
    body,
  });

describe('uploads', () => {
  it('keep dropped files under their relative paths until they are removed', async () => {
    expect((await put('Study/MR/IM0001', 'first')).status).toBe(204);
    expect((await put('Study\\MR\\IM0002', new Uint8Array([1, 2, 3]))).status).toBe(204);
    expect((await put('empty', null)).status).toBe(204);
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
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'BAD_REQUEST' } }]);
    expect(readdirSync(world.folder, { recursive: true })).toHaveLength(before);
  }); // prettier-ignore

  it('need a path and an upload that is known', async () => {
    const pathless = await world.request(`/api/uploads/${upload}/files`, { method: 'PUT', body: 'x' });
    expect(pathless.status).toBe(400);
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
