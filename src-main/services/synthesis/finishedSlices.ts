/**
 * Finished slices of a synthesis that still runs, so that a person can look at them: in the job’s scratch folder one file
 * of float32 HU (little-endian) and one header per slice. A slice that is there is whole; the folder is removed with the job.
 */
import { readFile, rename, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SliceHeader } from '../../api/contract/volumes.ts';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import type { SyntheticSlice } from '../../workflows/synthesize/synthesizeVolume.ts';

const headerSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  indexToLps: z.array(z.number()).length(12),
});

/** The folder in a job's own one. */
export function finishedSlicesDirectory(scratchDirectory: string): string {
  return join(scratchDirectory, 'slices');
}

/** Writes a slice and what describes it. */
export async function writeFinishedSlice(folder: string, { slice, grid, hu }: SyntheticSlice): Promise<void> {
  const [width, height] = grid.size;
  const header: SliceHeader = { width, height, indexToLps: [...grid.indexToLps] };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${slice}.json`), JSON.stringify(header));
  const partial = join(folder, `${slice}.partial`);
  await writeFile(partial, new Uint8Array(Float32Array.from(hu).buffer));
  await rename(partial, join(folder, `${slice}.f32`));
}

/** The slice with its bytes. Throws FILE_NOT_FOUND while it is not finished and once the job has ended. */
export async function readFinishedSlice(
  folder: string,
  slice: number,
): Promise<{ header: SliceHeader; bytes: Uint8Array<ArrayBuffer> }> {
  try {
    const bytes = new Uint8Array(await readFile(join(folder, `${slice}.f32`)));
    const header: unknown = JSON.parse(await readFile(join(folder, `${slice}.json`), 'utf8'));
    return { header: headerSchema.parse(header), bytes };
  } catch (error) {
    if (systemCode(error) === 'ENOENT')
      throw new AppError('FILE_NOT_FOUND', { path: `slice ${slice}` }, { cause: error });
    throw error;
  }
}
