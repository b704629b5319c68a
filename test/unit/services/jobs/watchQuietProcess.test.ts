import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseProc, parsePs, readProcessUsage } from '../../../../src-main/services/jobs/processUsage.ts';
import { watchQuietProcess } from '../../../../src-main/services/jobs/watchQuietProcess.ts';

describe('a process that does not speak', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const watch = (times: readonly (number | null)[]) => {
    const told: number[] = [];
    const left = [...times];
    const read = (): Promise<{ residentMiB: number; processorTime: number } | null> => {
      const processorTime = left.shift() ?? null;
      return Promise.resolve(processorTime === null ? null : { residentMiB: 100, processorTime });
    };
    return { told, watch: watchQuietProcess(7, (mebibytes) => told.push(mebibytes), { everyMs: 10, read }) };
  };

  it('is alive while it uses the processor', async () => {
    const { told } = watch([5, 6, 7]);
    await vi.advanceTimersByTimeAsync(35);
    expect(told).toEqual([100, 100]);
  });

  it('is not said to be alive while it hangs', async () => {
    const { told } = watch([5, 5, 5, 5]);
    await vi.advanceTimersByTimeAsync(45);
    expect(told).toEqual([]);
  });

  it('is left to speak for itself where it does', async () => {
    const { told, watch: looked } = watch([5, 6, 7]);
    const timer = setInterval(() => looked.heard(), 4);
    await vi.advanceTimersByTimeAsync(35);
    clearInterval(timer);
    expect(told).toEqual([]);
  });

  it('is no longer looked at once it has ended', async () => {
    const { told, watch: looked } = watch([5, 6, null, 8, 9]);
    await vi.advanceTimersByTimeAsync(35);
    looked.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([100]);
  });
});

describe('what the system tells of a process', () => {
  it('is read from /proc, whatever the process is called', () => {
    const line = `7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 250 30 0 0 20 0 11 0 99 1000000 25600 1 2 3\n`;
    const status = 'Name:\ta) b\nVmPeak:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n';
    expect(parseProc(line, status)).toEqual({ residentMiB: 100, processorTime: 280 });
    expect(parseProc('', status)).toBeNull();
    expect(parseProc(line, 'Name:\tzombie\n')).toBeNull();
  });

  it('is read from ps', () => {
    expect(parsePs(' 102400   1:02.50\n')).toEqual({ residentMiB: 100, processorTime: 62.5 });
    expect(parsePs('')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('agrees with what a process knows of itself', async () => {
    const usage = await readProcessUsage(process.pid);
    const own = process.memoryUsage.rss() / 2 ** 20;
    expect(usage!.residentMiB / own).toBeGreaterThan(0.5);
    expect(usage!.residentMiB / own).toBeLessThan(2);
  });

  it('is nothing where there is no such process', async () => {
    expect(await readProcessUsage(2 ** 30)).toBeNull();
  });
});
