/**
 * A lock file names the one process that may work on something. The lock of a process that is gone is taken over: of one that has ended, of
 * one whose number another has now, of one from before the machine was started. The lock of another machine (a shared disk, a container
 * that was made anew) is not, since nobody can ask there: the error says which file a person may remove.
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
import { bootId, processStat } from '../../workflows/files/processStat.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';

const lockSchema = z.object({
  pid: z.number(),
  host: z.string(),
  since: z.string(),
  token: z.string().default(''),
  /** Which start of the machine, and when in it the process began; absent where the system does not tell. */
  boot: z.string().exactOptional(),
  startedAt: z.string().exactOptional(),
});
type Lock = z.infer<typeof lockSchema>;

/** Tokens of the locks that this process holds: any other with its number is of an earlier process that had the same. */
const ownTokens = new Set<string>();

/** A lock or claim that says nothing yet is being written, unless it is older than this: then its writer is gone. */
const writingMs = 1000;

/**
 * Takes the lock at `path`; the result gives it back. Throws JOB_BUSY when another living process still has it after `patienceMs`,
 * LOCKED_ELSEWHERE when it is another machine's; `subject` is what is then said to be worked on, with the number of the process.
 */
export async function holdLock(
  path: string,
  { subject, patienceMs, pauseMs }: { subject: string; patienceMs: number; pauseMs: number },
): Promise<() => Promise<void>> {
  const [boot, own] = [bootId(), processStat(process.pid)];
  const lock: Lock = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    token: randomUUID(),
    ...(boot === undefined ? {} : { boot }),
    ...(own ? { startedAt: own.startedAt } : {}),
  };
  ownTokens.add(lock.token);
  try {
    const giveUpAt = Date.now() + patienceMs;
    while (!(await createFile(path, JSON.stringify(lock)))) {
      if (await removeDead(path)) continue;
      if (Date.now() > giveUpAt) throw await busy(path, subject);
      await pause(pauseMs * (0.5 + Math.random()));
    }
  } catch (error) {
    ownTokens.delete(lock.token);
    throw error;
  }
  return async () => {
    // A person may have taken the lock away, and someone else may have it now.
    const now = await readLock(path);
    if (now !== null && now !== 'unknown' && now.token === lock.token) await rm(path, { force: true });
    ownTokens.delete(lock.token);
  };
}

async function busy(path: string, subject: string): Promise<AppError> {
  const lock = await readLock(path);
  if (lock === null || lock === 'unknown') return new AppError('JOB_BUSY', { subject });
  return lock.host === hostname()
    ? new AppError('JOB_BUSY', { subject: `${subject} (PID ${lock.pid})` })
    : new AppError('LOCKED_ELSEWHERE', { subject, host: lock.host, path });
}

/** The living process that holds the lock at `path`, if any. */
export async function lockHolder(path: string): Promise<{ readonly pid: number } | null> {
  const lock = await readLock(path);
  return lock !== null && lock !== 'unknown' && isHeld(lock) ? { pid: lock.pid } : null;
}

function isHeld({ pid, host, token, boot, startedAt }: Lock): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return ownTokens.has(token);
  if (boot !== undefined && boot !== (bootId() ?? boot)) return false;
  if (!isAlive(pid)) return false;
  return startedAt === undefined || startedAt === (processStat(pid)?.startedAt ?? startedAt);
}

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
