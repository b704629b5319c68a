import { afterEach, describe, expect, it, vi } from 'vitest';
import { uploadFrames } from '../../../src-main/api/uploadFrames.ts';
import { uploadFiles } from '../../../src-renderer/lib/upload.ts';
import { fakeServer, refusal, type FakeServer } from '../fixtures/fakeServer.ts';

afterEach(() => vi.unstubAllGlobals());

const files = ['a/1.dcm', 'a/2.dcm', 'b.nii'].map((path) => ({ path, file: new File(['12345'], path) }));
const created = { 'POST /api/uploads': () => ({ upload: 'u1' }) };

/** Paths and texts of the files of every request. */
async function sent(requests: FakeServer['requests']): Promise<[string, string][][]> {
  const bodies = requests.filter(({ route }) => route.startsWith('PUT')).map(({ body }) => body as Blob);
  return Promise.all(
    bodies.map(async (body) => {
      const read: [string, string][] = [];
      for await (const { path, bytes } of uploadFrames(body.stream())) {
        const parts: Uint8Array[] = [];
        for await (const part of bytes) parts.push(part);
        read.push([path, await new Blob(parts as BlobPart[]).text()]);
      }
      return read;
    }),
  );
}

describe('uploadFiles', () => {
  it('sends every file under its path, as the application reads it, and reports bytes', async () => {
    const { requests } = fakeServer({ ...created, 'PUT /api/uploads/u1/files': () => null });
    const progress = vi.fn();
    expect(await uploadFiles(files, new AbortController().signal, progress)).toBe('u1');
    expect(await sent(requests)).toEqual([
      [['a/1.dcm', '12345'], ['a/2.dcm', '12345'], ['b.nii', '12345']],
    ]); // prettier-ignore
    expect(progress).toHaveBeenLastCalledWith({ files: 3, totalFiles: 3, bytes: 15, totalBytes: 15 });
  });

  it('sends a long series in batches, and a large file with none after it', async () => {
    const { requests } = fakeServer({ ...created, 'PUT /api/uploads/u1/files': () => null });
    const large = { path: 'large', file: new File([new Uint8Array(9 * 2 ** 20)], 'large') };
    const series = Array.from({ length: 150 }, (_, at) => ({
      path: `${at}`,
      file: new File(['x'], `${at}`),
    }));
    await uploadFiles([large, ...series], new AbortController().signal, vi.fn());
    expect((await sent(requests)).map(({ length }) => length)).toEqual([1, 64, 64, 22]);
  });

  it('takes everything back when one file is refused', async () => {
    const server = fakeServer({ ...created, 'PUT /api/uploads/u1/files': () => refusal('DISK_FULL', 507) });
    await expect(uploadFiles(files, new AbortController().signal, vi.fn())).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(server.requests.at(-1)!.route).toBe('DELETE /api/uploads/u1');
  });

  it('takes everything back when it is given up', async () => {
    const controller = new AbortController();
    const server = fakeServer({ ...created, 'PUT /api/uploads/u1/files': () => controller.abort() });
    await expect(uploadFiles(files, controller.signal, vi.fn())).rejects.toThrow();
    expect(server.requests.at(-1)!.route).toBe('DELETE /api/uploads/u1');
  });
});
