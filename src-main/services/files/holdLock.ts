/**
 * A lock file names the one process that may work on something. The lock of a process that is gone is taken over; one of another machine
 * (a shared disk) is not, since nobody can ask there.
 *
 * Only who holds the claim on a dead process's lock (`<path>.<token>`) may remove it, so that two that wait cannot take it over both.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { isAlive } from '../../workflows/files/isAlive.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';

const lockSchema = z.object({
  pid: z.number(),
  host: z.string(),
  since: z.string(),
  token: z.string().default(''),
});
type Lock = z.infer<typeof lockSchema>;

/** A lock or claim that says nothing yet is being written, unless it is older than this: then its writer is gone. */
const writingMs = 1000;

/**
 * Takes the lock at `path`; the result gives it back. Throws JOB_BUSY when another living process still has it after `patienceMs`;
 * `subject` is what is then said to be worked on.
 */
export async function holdLock(
  path: string,
  { subject, patienceMs, pauseMs }: { subject: string; patienceMs: number; pauseMs: number },
): Promise<() => Promise<void>> {
  const lock: Lock = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const giveUpAt = Date.now() + patienceMs;
  while (!(await createFile(path, JSON.stringify(lock)))) {
    if (await removeDead(path)) continue;
    if (Date.now() > giveUpAt) throw new AppError('JOB_BUSY', { subject });
    await pause(pauseMs * (0.5 + Math.random()));
  }
  return () => rm(path, { force: true });
}

/** The living process that holds the lock at `path`, if any. */
export async function lockHolder(path: string): Promise<{ readonly pid: number } | null> {
  const lock = await readLock(path);
  return lock !== null && lock !== 'unknown' && isHeld(lock) ? { pid: lock.pid } : null;
}

const isHeld = ({ pid, host }: Lock): boolean => host !== hostname() || isAlive(pid);

/** Whether the lock of a process that is gone was there and is removed. */
async function removeDead(path: string): Promise<boolean> {
  const lock = await readLock(path);
  if (lock === null) return true;
  const isDead = lock === 'unknown' ? await isOld(path) : !isHeld(lock);
  if (!isDead) return false;
  const token = lock === 'unknown' ? '' : lock.token;
  const claim = `${path}.${token}`;
  if (!(await createFile(claim, ''))) {
    if (await isOld(claim)) await rm(claim, { force: true });
    return false;
  }
  const now = await readLock(path);
  const isSame = now !== null && (now === 'unknown' ? lock === 'unknown' : now.token === token);
  if (isSame) await rm(path, { force: true });
  await rm(claim, { force: true });
  return true;
}

/** False where there is such a file already. */
async function createFile(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw toWriteError(error, path);
  }
}

async function readLock(path: string): Promise<Lock | 'unknown' | null> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 'unknown';
    throw error;
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > writingMs;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
