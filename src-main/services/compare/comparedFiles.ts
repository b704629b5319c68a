/**
 * What a comparison keeps of every run and case, so that nothing is computed twice: `runs/<run>/compare/<caseId>/` holds `sct.nii` with
 * `sct.json`, and `evaluation.json`. Each record carries a key, a digest of everything it was made from; another key means that something
 * has changed and it is made again.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { evaluationReportSchema } from '../../workflows/evaluate/evaluationReport.ts';
import { readRecord } from '../../workflows/files/record.ts';

const sctRecordSchema = z.object({
  schemaVersion: z.literal(1),
  key: z.string(),
  /** SHA-256 of `sct.nii`. */
  sha256: z.string(),
  device: z.string(),
  /** Wall clock of the generation. */
  seconds: z.number().nonnegative(),
});

const evaluationRecordSchema = z.object({
  schemaVersion: z.literal(1),
  key: z.string(),
  report: evaluationReportSchema,
});

/** Schemas of the two records. */
export const comparedRecords = { sct: sctRecordSchema, evaluation: evaluationRecordSchema } as const;

export interface ComparedPaths {
  readonly sct: string;
  readonly sctRecord: string;
  readonly evaluation: string;
}

/** Where a run's results on a case are (to be). */
export function comparedPaths(runFolder: string, caseId: string): ComparedPaths {
  const folder = join(runFolder, 'compare', caseId);
  return {
    sct: join(folder, 'sct.nii'),
    sctRecord: join(folder, 'sct.json'),
    evaluation: join(folder, 'evaluation.json'),
  };
}

/** A digest of what something is made from. */
export function keyOf(parts: Readonly<Record<string, string | number | null>>): string {
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** A record whose key is `key`; undefined when there is none, or one of something else, or a damaged one. */
export async function recordWithKey<S extends z.ZodType<{ readonly key: string }>>(
  path: string,
  schema: S,
  key: string,
): Promise<z.output<S> | undefined> {
  try {
    const record = await readRecord(path, schema);
    return record.key === key ? record : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
