import { afterEach, describe, expect, it, vi } from 'vitest';
import { uploadFiles } from '../../../src-renderer/lib/upload.ts';
import { fakeServer, refusal } from '../fixtures/fakeServer.ts';

afterEach(() => vi.unstubAllGlobals());

const files = ['a/1.dcm', 'a/2.dcm', 'b.nii'].map((path) => ({ path, file: new File(['12345'], path) }));
const created = { 'POST /api/uploads': () => ({ upload: 'u1' }) };

describe('uploadFiles', () => {
  it('sends every file under its path and reports bytes', async () => {
    const paths: string[] = [];
    fakeServer({
      ...created,
      'PUT /api/uploads/u1/files': (_, url) => paths.push(url.searchParams.get('path')!),
    });
    const progress = vi.fn();
    expect(await uploadFiles(files, new AbortController().signal, progress)).toBe('u1');
    expect(paths.sort()).toEqual(['a/1.dcm', 'a/2.dcm', 'b.nii']);
    expect(progress).toHaveBeenLastCalledWith({ files: 3, totalFiles: 3, bytes: 15, totalBytes: 15 });
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
