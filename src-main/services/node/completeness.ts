/** Whether a series has come whole: nothing has come for a while, and nothing that is known of is missing. */
export interface Arrival {
  readonly images: number;
  /** How many there should be; null where nobody says. */
  readonly expected: number | null;
  /** Seconds since the last image. */
  readonly quietSeconds: number;
}

export interface Patience {
  readonly quietSeconds: number;
  readonly longestWaitSeconds: number;
}

export type Completeness = 'coming' | 'complete' | 'incomplete';

/** `incomplete`: images are known to be missing, or there is none, and they were waited for long enough. */
export function completeness(
  { images, expected, quietSeconds }: Arrival,
  { quietSeconds: quiet, longestWaitSeconds }: Patience,
): Completeness {
  if (quietSeconds < quiet) return 'coming';
  if (images > 0 && (expected === null || images >= expected)) return 'complete';
  return quietSeconds < longestWaitSeconds ? 'coming' : 'incomplete';
}
