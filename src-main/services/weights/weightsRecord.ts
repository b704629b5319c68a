/** What is known of installed weights: `<name>.json` beside `<name>.safetensors`. */
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';

export const weightsRecordSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  licence: z.string(),
  /** ISO 8601. */
  installedAt: z.string(),
  /** The files the tensors were taken from. */
  sources: z.array(
    z.object({
      /** Its address, or the name of the local file. */
      from: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      /** Whether that is the digest of the published file. */
      published: z.boolean(),
    }),
  ),
  tensors: z.number(),
  bytes: z.number(),
});
export type WeightsRecord = z.infer<typeof weightsRecordSchema>;

/** Whether all of them come from published files: nothing vouches for others. */
export function isPublished({ sources }: Pick<WeightsRecord, 'sources'>): boolean {
  return sources.every(({ published }) => published);
}

export interface WeightsPaths {
  readonly tensors: string;
  readonly record: string;
}

/** Where the weights `name` are (to be) kept in `directory`. */
export function weightsPaths(directory: string, name: string): WeightsPaths {
  return { tensors: join(directory, `${name}.safetensors`), record: join(directory, `${name}.json`) };
}

/** The record of `name`; null where it is not installed. Throws RECORD_INVALID for a damaged one. */
export async function readWeightsRecord(directory: string, name: string): Promise<WeightsRecord | null> {
  try {
    return await readRecord(weightsPaths(directory, name).record, weightsRecordSchema);
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return null;
    throw error;
  }
}
