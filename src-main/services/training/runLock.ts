/** A run belongs to one process at a time: `run.lock` in its folder names that process. */
import { join } from 'node:path';
import { holdLock, lockHolder } from '../files/holdLock.ts';

const lockPath = (folder: string): string => join(folder, 'run.lock');

/** Takes the run in `folder`; the result gives it back. Throws JOB_BUSY while another living process has it, LOCKED_ELSEWHERE. */
export function lockRun(folder: string, run: string): Promise<() => Promise<void>> {
  // A process that was just stopped or killed takes a moment to end.
  return holdLock(lockPath(folder), { subject: run, patienceMs: 2000, pauseMs: 50 });
}

/** The living process that works on the run in `folder`, if any. */
export function runningProcess(folder: string): Promise<{ readonly pid: number } | null> {
  return lockHolder(lockPath(folder));
}
