/** What Linux tells of a process and of the machine's start; elsewhere nothing is known. Source: proc(5). */
import { readFileSync } from 'node:fs';

export interface ProcessStat {
  /** One letter; Z and X are processes that have ended. */
  readonly state: string;
  /** When it began, in clock ticks since the machine did: with the pid it names one process of this start of the machine. */
  readonly startedAt: string;
}

/** Undefined where there is no such process, or nobody tells. */
export function processStat(pid: number): ProcessStat | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in brackets may hold anything; behind it stand fields 3 and on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  return state === undefined || startedAt === undefined ? undefined : { state, startedAt };
}

/** Another one after every start of the machine; undefined where nobody tells. */
export function bootId(): string | undefined {
  return read('/proc/sys/kernel/random/boot_id')?.trim();
}

function read(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process ended between two questions, or /proc is not there.
    return undefined;
  }
}
