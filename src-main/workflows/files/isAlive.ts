import { processStat } from './processStat.ts';
import { systemCode } from './toWriteError.ts';

/** Whether a process of this machine still runs. One that was killed and that nobody has buried yet (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
  return !/^[ZX]/.test(processStat(pid)?.state ?? '');
}
