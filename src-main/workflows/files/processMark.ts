/** A mark by which processes tell what belongs to a living one: several may work in one folder, also from several machines. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlive } from './isAlive.ts';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The mark of this process: fit for file names, without the machine's name. */
export const processMark = `${host}-${process.pid}`;

/** Whether the process that made `mark` is known to be gone. Of other machines nothing is known. */
export function isLeftBehind(mark: string): boolean {
  const [, owner, pid] = /^([0-9a-f]{8})-(\d+)$/.exec(mark) ?? [];
  return owner === host && !isAlive(Number(pid));
}
