/**
 * Files dropped into a browser, which cannot tell paths: they are kept under the workspace's `uploads/` with their relative paths until they
 * are imported. Each process has a folder of its own there; those of ended ones are swept away when another starts.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { isLeftBehind, processMark } from '../../workflows/files/processMark.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';
import { safeRelativePath } from './safeRelativePath.ts';

/** Left free for what an import makes of the files, and for everything else. */
const reservedBytes = 1 << 30;

const uploadIdSchema = z.string().regex(/^upload-[0-9a-f-]{36}$/);

export interface Uploads {
  /** Makes an upload and returns its id. */
  create(): Promise<string>;
  /**
   * Keeps the bytes of one file. Throws UPLOAD_NOT_FOUND, BAD_REQUEST for a path that leads elsewhere or is taken, REQUEST_TOO_LARGE when it
   * is larger than what the disk has to spare (`expectedBytes`, where known, is checked before anything is written), and write errors.
   */
  add(upload: string, path: string, bytes: AsyncIterable<Uint8Array>, expectedBytes?: number): Promise<void>;
  /** The folder to import. Throws UPLOAD_NOT_FOUND. */
  directory(upload: string): Promise<string>;
  /** Removes it; nothing happens when it is gone already. */
  remove(upload: string): Promise<void>;
}

export interface UploadsOptions {
  /** Bytes free for uploads; asked before each file. */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

/** Opens this process's uploads in the workspace's folder for all, and removes what ended processes left there. */
export async function openUploads(
  shared: string,
  { freeBytes = freeOnDisk }: UploadsOptions = {},
): Promise<Uploads> {
  const root = join(shared, processMark);
  await mkdir(root, { recursive: true });
  for (const mark of await readdir(shared)) {
    if (isLeftBehind(mark)) await rm(join(shared, mark), { recursive: true, force: true });
  }
  const folderOf = (upload: string): string => {
    if (!uploadIdSchema.safeParse(upload).success) throw new AppError('UPLOAD_NOT_FOUND', { upload });
    return join(root, upload);
  };
  const directory = async (upload: string): Promise<string> => {
    const folder = folderOf(upload);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw new AppError('UPLOAD_NOT_FOUND', { upload });
    return folder;
  };
  return {
    directory,
    async create() {
      const upload = `upload-${randomUUID()}`;
      try {
        await mkdir(folderOf(upload), { recursive: true });
      } catch (error) {
        throw toWriteError(error, root);
      }
      return upload;
    },
    async add(upload, path, bytes, expectedBytes = 0) {
      const folder = await directory(upload);
      const relative = safeRelativePath(path);
      if (relative === undefined)
        throw new AppError('BAD_REQUEST', { reason: 'the path of the file is not a plain relative path' });
      const limit = Math.max(0, (await freeBytes(folder)) - reservedBytes);
      const tooLarge = (): AppError =>
        new AppError('REQUEST_TOO_LARGE', { subject: 'The file', limit: Math.floor(limit / 2 ** 20) });
      if (expectedBytes > limit) throw tooLarge();
      const target = join(folder, relative);
      try {
        await mkdir(dirname(target), { recursive: true });
        await writeNew(target, limited(bytes, limit, tooLarge));
      } catch (error) {
        throw toWriteError(error, target);
      }
    },
    remove: (upload) => rm(folderOf(upload), { recursive: true, force: true }),
  };
}

/** Writes a file that is not there yet; what fails half-way leaves nothing. */
async function writeNew(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await openNew(path);
  try {
    for await (const part of parts) await handle.appendFile(part);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new AppError('BAD_REQUEST', { reason: 'two files of the upload have the same path' });
  }
}

async function freeOnDisk(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  tooLarge: () => AppError,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const part of bytes) {
    total += part.length;
    if (total > limit) throw tooLarge();
    yield part;
  }
}
