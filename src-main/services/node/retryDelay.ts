import type { NodeConfig } from './nodeConfig.ts';

/** Seconds to wait after so many failed attempts (1 and more): each time twice as long, up to a limit. */
export function retryDelay(attempts: number, { firstSeconds, longestSeconds }: NodeConfig['retry']): number {
  return Math.min(firstSeconds * 2 ** (attempts - 1), longestSeconds);
}
