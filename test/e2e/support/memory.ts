/** Memory of the page and of processes, MiB. */
import type { Page } from 'playwright/test';
import { readFile } from 'node:fs/promises';

const mebibyte = 2 ** 20;

export interface PageMemory {
  /** JavaScript objects after garbage collection. */
  readonly heapMiB: number;
  /** Array buffers. */
  readonly buffersMiB: number;
}

/** What the page holds after garbage has been collected; workers are not in it. */
export async function pageMemory(page: Page): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page);
  // Buffers of what a first pass frees are freed by the next.
  for (let pass = 0; pass < 3; pass++) await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return { heapMiB: usage.usedSize / mebibyte, buffersMiB: (usage.backingStorageSize ?? 0) / mebibyte };
}

/** Largest resident memory of a process so far; undefined where `/proc` does not tell it. */
export async function peakResidentMiB(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return peak === undefined ? undefined : Number(peak) / 1024;
}
