/**
 * Times contenders in turns (A B C A B C ...), so that a slow minute of the machine hits all of them, after one warm-up each.
 * Between turns the machine rests briefly: thread pools spin for a while after their work.
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { Contender } from './contender.ts';

export interface Measured {
  readonly minimum: number;
  readonly median: number;
  readonly peakMemoryMiB: number;
}

/** Seconds per step over `iterations` timed runs of each prepared contender, and its peak memory; same order as given. */
export async function measure(contenders: readonly Contender[], iterations: number): Promise<Measured[]> {
  const times = contenders.map((): number[] => []);
  for (let i = -1; i < iterations; i++) {
    for (const [k, contender] of contenders.entries()) {
      await rest(200);
      const { seconds } = await contender.request({ op: 'run' });
      if (i >= 0) times[k]?.push(Number(seconds));
    }
  }
  return Promise.all(
    contenders.map(async (contender, k) => {
      const { peakMemoryMiB } = await contender.request({ op: 'memory' });
      const sorted = (times[k] ?? []).toSorted((a, b) => a - b);
      return {
        minimum: quantile(sorted, 0),
        median: quantile(sorted, 0.5),
        peakMemoryMiB: Number(peakMemoryMiB),
      };
    }),
  );
}

/** Linear interpolation between order statistics. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}
