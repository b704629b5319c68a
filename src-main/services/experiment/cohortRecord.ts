/**
 * `cohort.json` of an experiment: what its phantoms are drawn from. It is written before the first of them is, so that a cohort that was
 * stopped is never completed with, or taken for, one of other options.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { drawnSize } from '../../imaging/phantom/drawnSize.ts';
import { AppError } from '../../shared/appError.ts';
import { phantomCohortSchema, type PhantomCohortOptions } from '../../workflows/experiment/experimentFile.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';

export type CohortState = 'none' | 'begun' | 'complete';

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  options: z.string(),
  /** Absent in records of a time when they were written last of all, and every phantom had the size of a drawn one unless told. */
  isComplete: z.boolean().exactOptional(),
});

const recordPath = (out: string): string => join(out, 'cohort.json');

/** How far the cohort in `out` is. Throws EXPERIMENT_INVALID where it is one of other options, or of unknown ones. */
export async function cohortState(out: string, options: PhantomCohortOptions): Promise<CohortState> {
  const invalid = (reason: string): AppError => new AppError('EXPERIMENT_INVALID', { path: out, reason });
  if (!(await fileExists(recordPath(out)))) {
    const groups = ['train', 'test'].map((group) => fileExists(join(out, 'phantom', group)));
    if ((await Promise.all(groups)).includes(true))
      throw invalid('it holds phantoms but not what they were made from; choose another folder with --out');
    return 'none';
  }
  const record = await readRecord(recordPath(out), recordSchema);
  const wanted = record.isComplete === undefined ? { ...drawnSize, ...options } : options;
  if (!isDeepStrictEqual(parsed(record.options), wanted))
    throw invalid('its cohort was made from other options; choose another folder with --out');
  return record.isComplete === false ? 'begun' : 'complete';
}

/** Says what the cohort in `out` is made from. Throws DISK_FULL, WRITE_FAILED. */
export async function writeCohortState(
  out: string,
  options: PhantomCohortOptions,
  state: Exclude<CohortState, 'none'>,
): Promise<void> {
  await writeRecord(recordPath(out), recordSchema, {
    schemaVersion: 1,
    options: JSON.stringify(options),
    isComplete: state === 'complete',
  });
}

/** The recorded options, options of later versions at their defaults; null where they cannot be read. */
function parsed(options: string): PhantomCohortOptions | null {
  try {
    return phantomCohortSchema.parse(JSON.parse(options));
  } catch {
    return null;
  }
}
