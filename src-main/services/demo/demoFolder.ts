import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../workflows/files/toWriteError.ts';

/**
 * Where a demo goes: `wanted` when it was asked for and holds nothing yet, else a new folder `demo-<date>-<time>` in it. A demo never
 * mixes with a person's own cases.
 */
export async function demoFolder(
  wanted: string,
  { isOwnFolder, now = new Date() }: { readonly isOwnFolder: boolean; readonly now?: Date },
): Promise<string> {
  const present = await entries(wanted);
  if (isOwnFolder && present.length === 0) return wanted;
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  for (let count = 1; ; count++) {
    const name = count === 1 ? `demo-${stamp}` : `demo-${stamp}-${count}`;
    if (!present.includes(name)) return join(wanted, name);
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    // A file, or a folder that may not be read: opening the workspace says so.
    if (systemCode(error) !== undefined) return [];
    throw error;
  }
}
