/** The kinds of work that run in a worker process; each is loaded there only when it is asked for. */
import type { JobKinds } from './jobRunner.ts';

export const jobKinds = {
  train: async () => (await import('../training/trainJob.ts')).trainJob,
  synthesize: async () => (await import('../synthesis/synthesizeJob.ts')).synthesizeJob,
  'export-model': async () => (await import('../models/exportModelJob.ts')).exportModelJob,
  import: async () => (await import('../importer/importJob.ts')).importJob,
  'phantom-study': async () => (await import('../demo/phantomStudyJob.ts')).phantomStudyJob,
  'phantom-cohort': async () => (await import('../demo/phantomCohortJob.ts')).phantomCohortJob,
  gate: async () => (await import('../synthesis/gateJob.ts')).gateJob,
  generate: async () => (await import('../synthesis/generateJob.ts')).generateJob,
  export: async () => (await import('../exporter/exportJob.ts')).exportJob,
  retrieve: async () => (await import('../pacs/retrieveJob.ts')).retrieveJob,
  send: async () => (await import('../pacs/sendJob.ts')).sendJob,
  register: async () => (await import('../registration/registerJob.ts')).registerJob,
  'structure-statistics': async () => (await import('../structures/statisticsJob.ts')).statisticsJob,
  rank: async () => (await import('../cohort/rankJob.ts')).rankJob,
  'weight-map': async () => (await import('../models/weightMapJob.ts')).weightMapJob,
  compare: async () => (await import('../compare/compareJob.ts')).compareJob,
  'compare-synthesize': async () => (await import('../compare/compareSynthesizeJob.ts')).compareSynthesizeJob,
  'compare-evaluate': async () => (await import('../compare/compareEvaluateJob.ts')).compareEvaluateJob,
  'experiment-train': async () => (await import('../experiment/experimentTrainJob.ts')).experimentTrainJob,
} as const satisfies JobKinds;
