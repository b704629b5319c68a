/** The kinds of work that run in a worker process; each is loaded there only when it is asked for. */
import type { JobKinds } from './jobRunner.ts';

export const jobKinds = {
  train: async () => (await import('../training/trainJob.ts')).trainJob,
  synthesize: async () => (await import('../synthesis/synthesizeJob.ts')).synthesizeJob,
  'export-model': async () => (await import('../models/exportModelJob.ts')).exportModelJob,
  'weight-map': async () => (await import('../models/weightMapJob.ts')).weightMapJob,
} as const satisfies JobKinds;
