/** Whether the built program is missing or older than what it is built from. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const sources = [
  'src-main',
  'src-renderer',
  'resources',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
];

/** Pictures for the README, which nothing is built from. */
const unused = new Set(['screenshots']);

/** Written last by each part of the build. */
const results = ['out/main/electron.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** `root`: the project's folder. */
export async function isBuildStale(root: string): Promise<boolean> {
  const built = await Promise.all(results.map((path) => changedAt(join(root, path))));
  const oldest = Math.min(...built.map((time) => time ?? -Infinity));
  const changed = await Promise.all(sources.map((path) => newest(join(root, path))));
  return Math.max(...changed) > oldest;
}

async function newest(path: string): Promise<number> {
  const own = await changedAt(path);
  if (own === undefined) return -Infinity;
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch {
    return own;
  }
  const used = entries.filter(({ name }) => !unused.has(name));
  // A folder's own time tells that a file was removed or renamed.
  return Math.max(own, ...(await Promise.all(used.map(({ name }) => newest(join(path, name))))));
}

/** Milliseconds since 1970; undefined when there is nothing. */
async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
