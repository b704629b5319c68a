import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openUploads } from '../../../../src-main/services/uploads/uploads.ts';
import { processMark } from '../../../../src-main/workflows/files/processMark.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ilium-uploads-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const gibibyte = 2 ** 30;

/** `count` chunks of 1 KiB; `pulled` counts what was taken. */
function chunks(count: number): { stream: ReadableStream<Uint8Array>; pulled: () => number } {
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulled++ < count) controller.enqueue(new Uint8Array(1024));
      else controller.close();
    },
  });
  return { stream, pulled: () => pulled };
}

describe('uploads', () => {
  it('leave a gibibyte of the disk free: a file that is stated larger is not begun', async () => {
    const uploads = await openUploads(root, { freeBytes: () => Promise.resolve(gibibyte + 5 * 2 ** 20) });
    const upload = await uploads.create();
    const { stream, pulled } = chunks(1);
    await expect(uploads.add(upload, 'big', stream, 6 * 2 ** 20)).rejects.toMatchObject({
      code: 'REQUEST_TOO_LARGE',
      details: { limit: 5 },
    });
    expect(pulled()).toBeLessThan(2);
    expect(readdirSync(await uploads.directory(upload))).toEqual([]);
  });

  it('stop a file that turns out too large, and leave nothing of it', async () => {
    const uploads = await openUploads(root, { freeBytes: () => Promise.resolve(gibibyte + 10 * 1024) });
    const upload = await uploads.create();
    const { stream, pulled } = chunks(1000);
    await expect(uploads.add(upload, 'a/big', stream)).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
    expect(pulled()).toBeLessThan(20);
    expect(existsSync(join(await uploads.directory(upload), 'a/big'))).toBe(false);
  });

  it('leave nothing of a file whose sender went away', async () => {
    const uploads = await openUploads(root);
    const upload = await uploads.create();
    const torn = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
      },
      pull: (controller) => controller.error(new Error('connection lost')),
    });
    await expect(uploads.add(upload, 'torn', torn)).rejects.toThrow();
    expect(readdirSync(await uploads.directory(upload))).toEqual([]);
  });

  it('of dead processes are swept away when another opens, those of living ones stay', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const host = processMark.split('-')[0]!;
    for (const mark of [`${host}-${pid}`, `${host}-${process.ppid}`, '00000000-1', 'something-else'])
      mkdirSync(join(root, mark, 'upload'), { recursive: true });
    await openUploads(root);
    expect(readdirSync(root).sort()).toEqual(
      [processMark, `${host}-${process.ppid}`, '00000000-1', 'something-else'].sort(),
    );
  });
});
