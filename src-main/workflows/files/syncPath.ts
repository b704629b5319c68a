import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Flushes a file to the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a folder's entries, so that a rename in it survives a power cut. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes the folder that holds `path`. */
export async function syncParent(path: string): Promise<void> {
  await syncFolder(dirname(path));
}
