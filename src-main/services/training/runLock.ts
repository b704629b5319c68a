/**
 * A run belongs to one process at a time: `run.lock` in its folder names that process. The lock of a process that is gone is taken
 * over; one of another machine (a shared disk) is not, since nobody can ask there.
 */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { isAlive } from '../../workflows/files/isAlive.ts';
import { systemCode, toWriteError } from '../../workflows/files/toWriteError.ts';

const lockSchema = z.object({ pid: z.number(), host: z.string(), since: z.string() });
type Lock = z.infer<typeof lockSchema>;

/** A process that was just stopped or killed takes a moment to end. */
const patienceMs = 2000;

const lockPath = (folder: string): string => join(folder, 'run.lock');

/** Takes the run in `folder`; the result gives it back. Throws JOB_BUSY while another living process has it. */
export async function lockRun(folder: string, run: string): Promise<() => Promise<void>> {
  const path = lockPath(folder);
  const lock: Lock = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      const handle = await open(path, 'wx');
      await handle.writeFile(JSON.stringify(lock));
      await handle.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw toWriteError(error, path);
      if ((await runningProcess(folder)) === null) await rm(path, { force: true });
      else if (Date.now() > giveUpAt) throw new AppError('JOB_BUSY', { subject: run }, { cause: error });
      else await pause(50);
    }
  }
}

/** The living process that works on the run in `folder`, if any. */
export async function runningProcess(folder: string): Promise<{ readonly pid: number } | null> {
  let lock: Lock;
  try {
    lock = lockSchema.parse(JSON.parse(await readFile(lockPath(folder), 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    // A lock that was cut off while it was written: whoever wrote it is gone.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
  return lock.host !== hostname() || isAlive(lock.pid) ? { pid: lock.pid } : null;
}
