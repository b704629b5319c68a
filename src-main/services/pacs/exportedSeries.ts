import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readRecord } from '../../workflows/files/record.ts';
import { receiptPath } from '../exporter/freeExportPath.ts';

const receiptSchema = z.object({ format: z.literal('dicom'), path: z.string() });

/**
 * The files of a DICOM series that was exported to `path` and verified: what has no receipt beside it was never called done and is not
 * sent. Throws FILE_NOT_FOUND, RECORD_INVALID.
 */
export async function exportedSeries(path: string): Promise<string[]> {
  await readRecord(receiptPath(path), receiptSchema);
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => join(path, name));
}
