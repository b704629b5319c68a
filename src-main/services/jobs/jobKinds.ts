/** The kinds of work that run in a worker process; each is loaded there only when it is asked for. */
import type { JobKinds } from './jobRunner.ts';

export const jobKinds = {
  train: async () => (await import('../training/trainJob.ts')).trainJob,
} as const satisfies JobKinds;
