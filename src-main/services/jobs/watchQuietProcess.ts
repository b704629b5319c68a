/** Looks after a process that cannot speak for itself: native code blocks its event loop, and its heartbeat with it, for seconds. */
import { readProcessUsage, type ProcessUsage } from './processUsage.ts';

export interface QuietWatch {
  /** Call whenever it speaks: the system is asked only about a process that does not. */
  heard(): void;
  stop(): void;
}

export interface QuietWatchOptions {
  readonly everyMs?: number;
  readonly read?: (pid: number) => Promise<ProcessUsage | null>;
}

/**
 * Tells `onWorking` the memory (MiB) of a quiet process every second or two, as long as it has used processor time since the last
 * look. One that hangs uses none, and nothing is told of it.
 */
export function watchQuietProcess(
  pid: number,
  onWorking: (residentMiB: number) => void,
  { everyMs = 1000, read = readProcessUsage }: QuietWatchOptions = {},
): QuietWatch {
  let isQuiet = true;
  let before: number | null = null;
  const look = async (): Promise<void> => {
    const wasQuiet = isQuiet;
    isQuiet = true;
    const usage = await read(pid);
    if (usage === null || timer === undefined) return;
    if (wasQuiet && before !== null && usage.processorTime > before) onWorking(usage.residentMiB);
    before = usage.processorTime;
  };
  let timer: NodeJS.Timeout | undefined = setInterval(() => void look(), everyMs).unref();
  return {
    heard: () => void (isQuiet = false),
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
