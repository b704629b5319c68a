/** Whether a process of this machine still runs. One that was killed and that nobody has buried yet (a zombie) does not. */
import { readFileSync } from 'node:fs';
import { systemCode } from './toWriteError.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
  return !isZombie(pid);
}

/** Only Linux tells: the letter behind the name in `/proc/<pid>/stat`. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // It ended between the two questions, or nothing can be known.
    return false;
  }
}
