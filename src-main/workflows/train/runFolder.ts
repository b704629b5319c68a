/** A training run on disk: `run.json` (what it is), `cache/`, `log.jsonl`, `checkpoint.safetensors`, `film/`, `weights.safetensors` at the end. */
import { join } from 'node:path';
import { z } from 'zod';
import { trainingAcquisitionSchema } from '../gate/trainingAcquisition.ts';
import { trainingConfigSchema } from './trainingConfig.ts';
import { upgradeRunRecord } from './upgradeConfig.ts';
import { usedNetworkSchema } from './usedNetwork.ts';

const cachedCase = z.object({
  caseId: z.string(),
  count: z.number().int().positive(),
  sha256: z.string(),
  left: z.number().int(),
  top: z.number().int(),
});

/** Prepared cases by role. */
export const runCasesSchema = z.object({ train: z.array(cachedCase), meta: z.array(cachedCase) });

const currentRunRecordSchema = z.object({
  schemaVersion: z.literal(2),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  config: trainingConfigSchema,
  cases: runCasesSchema,
  /** What its feature losses look through, none where they are drawn or off; runs of before it was kept lack it. */
  networks: z.array(usedNetworkSchema).exactOptional(),
  /** SHA-256 over the prepared voxels of all cases, in order. */
  dataFingerprint: z.string(),
  /** How the normalised MR intensities of the cases are distributed, and how much they differ. */
  intensityProfile: z.object({ mean: z.array(z.number()), largestDistance: z.number() }),
  /** What their MRs were like, for the gate of the model; runs of before it was kept lack it. */
  acquisition: trainingAcquisitionSchema.exactOptional(),
});

export type RunRecord = z.infer<typeof currentRunRecordSchema>;

/** Reads records of every version as today's, and writes today's. */
export const runRecordSchema = z.preprocess(upgradeRunRecord, currentRunRecordSchema);

export interface RunPaths {
  readonly folder: string;
  readonly record: string;
  readonly cache: string;
  readonly log: string;
  readonly checkpoint: string;
  readonly film: string;
  readonly weights: string;
}

export function runPaths(folder: string): RunPaths {
  return {
    folder,
    record: join(folder, 'run.json'),
    cache: join(folder, 'cache'),
    log: join(folder, 'log.jsonl'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    film: join(folder, 'film'),
    weights: join(folder, 'weights.safetensors'),
  };
}
