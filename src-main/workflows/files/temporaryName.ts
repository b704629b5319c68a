/**
 * Names of half-written things. They are hidden siblings of the target (same file system, so that a rename is atomic) and carry
 * host and process, so that a later run can tell the leftovers of a dead process from the work of a living one.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isLeftBehind, processMark } from './processMark.ts';

const pattern = /^\..+\.([0-9a-f]{8}-\d+)-[0-9a-f]{12}\.partial$/;

/** A fresh hidden path beside `target`. */
export function temporaryName(target: string): string {
  const unique = randomBytes(6).toString('hex');
  return join(dirname(target), `.${basename(target)}.${processMark}-${unique}.partial`);
}

/** Removes what dead processes of this host left half-written in `folder`; other hosts' names are left alone. */
export async function sweepPartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, owner] = pattern.exec(name) ?? [];
    if (owner !== undefined && isLeftBehind(owner))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
