/**
 * What went wrong in a way that no state tells, such as a disk too full to write one: it is left alone for a while, each time for twice as
 * long, and everything else goes on. Kept in memory, since writing may be the very thing that fails.
 */
import type { NodeConfig } from './nodeConfig.ts';
import { retryDelay } from './retryDelay.ts';

export interface Setbacks {
  isResting(subject: string): boolean;
  /** Notes another one; returns the seconds of rest. */
  add(subject: string): number;
  clear(subject: string): void;
}

/** `now` is a clock in milliseconds. */
export function createSetbacks(retry: NodeConfig['retry'], now: () => number = Date.now): Setbacks {
  const noted = new Map<string, { readonly count: number; readonly until: number }>();
  return {
    isResting: (subject) => now() < (noted.get(subject)?.until ?? 0),
    add(subject) {
      const count = (noted.get(subject)?.count ?? 0) + 1;
      const seconds = retryDelay(count, retry);
      noted.set(subject, { count, until: now() + 1000 * seconds });
      return seconds;
    },
    clear: (subject) => void noted.delete(subject),
  };
}
