/**
 * Writes one file all or nothing: a temporary sibling, fsync, rename, fsync of the folder. Whoever reads `path` sees the old content
 * or the new one, also after a crash or a power cut.
 */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncParent } from './syncPath.ts';
import { temporaryName } from './temporaryName.ts';
import { toWriteError } from './toWriteError.ts';

type Content = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/** Replaces or creates `path` (folders included), with the permissions `mode` where it is given. Throws DISK_FULL or WRITE_FAILED; then nothing half-written is left. */
export async function writeAtomically(path: string, content: Content, mode?: number): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, 'wx', mode);
    try {
      await writeAndSync(handle, content);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncParent(path);
  } catch (error) {
    throw toWriteError(error, path);
  }
}

async function writeAndSync(handle: FileHandle, content: Content): Promise<void> {
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else for await (const chunk of content) await handle.appendFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
