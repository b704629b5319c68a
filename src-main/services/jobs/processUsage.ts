/**
 * What another process of this machine uses, asked of the system: `/proc` on Linux, `ps` on macOS. Windows has nothing as small; there
 * a process is known by its own messages alone.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessUsage {
  /** Resident memory. */
  readonly residentMiB: number;
  /** Processor time over all threads; grows while it computes. The unit depends on the system: compare, do not show. */
  readonly processorTime: number;
}

/** Null where the process is gone or the system does not tell. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage | null> {
  try {
    if (process.platform === 'linux')
      return parseProc(
        await readFile(`/proc/${pid}/stat`, 'utf8'),
        await readFile(`/proc/${pid}/status`, 'utf8'),
      );
    if (process.platform === 'darwin') {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=,time=', '-p', String(pid)]);
      return parsePs(stdout);
    }
  } catch {
    // Gone since: whoever started it hears of that in its own way.
  }
  return null;
}

/** `man 5 proc`: in `stat` the name in brackets may hold anything, utime and stime are fields 14 and 15; `status` has the memory in KiB. */
export function parseProc(stat: string, status: string): ProcessUsage | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]].map(Number);
  const memory = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return usage(Number(memory ?? NaN) / 1024, (user ?? NaN) + (system ?? NaN));
}

/** `  81234   1:02.53`: KiB, then minutes (or hours) and seconds. */
export function parsePs(text: string): ProcessUsage | null {
  const [memory = '', time = ''] = text.trim().split(/\s+/);
  const seconds = time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
  return usage(memory === '' ? NaN : Number(memory) / 1024, time === '' ? NaN : seconds);
}

function usage(residentMiB: number, processorTime: number): ProcessUsage | null {
  return Number.isFinite(residentMiB) && Number.isFinite(processorTime)
    ? { residentMiB, processorTime }
    : null;
}
