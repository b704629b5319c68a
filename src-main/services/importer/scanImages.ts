/**
 * Looks at every file once, one at a time: its format, and of DICOM the header. No pixel data are kept, so a folder of any size is
 * scanned in the memory of its largest file.
 */
import { dirname, join } from 'node:path';
import { readDicomHeader, type DicomHeader } from '../../formats/dicom/readDicomHeader.ts';
import { metaImageDataFile } from '../../formats/metaimage/readMetaImage.ts';
import { AppError } from '../../shared/appError.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import type { LooseFile } from './planLooseImages.ts';
import { sniffFormat } from './sniffFormat.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface ScannedImages {
  readonly headers: readonly DicomHeader[];
  readonly loose: readonly LooseFile[];
  readonly problems: readonly { readonly path: string; readonly error: unknown }[];
}

export interface ScanOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: StopSignal;
}

/** Scans `files` (absolute paths) in order; stops early when `signal` is aborted. A file's problem never ends the scan. */
export async function scanImages(
  files: readonly string[],
  options: ScanOptions = {},
): Promise<ScannedImages> {
  const headers: DicomHeader[] = [];
  const loose: LooseFile[] = [];
  const problems = new Map<string, unknown>();
  const known = new Set(files);
  for (const [at, path] of files.entries()) {
    if (options.signal?.aborted) break;
    try {
      const format = await sniffFormat(path);
      if (format === undefined) throw new AppError('UNKNOWN_FORMAT', { path });
      if (format === 'dicom') headers.push(readDicomHeader(await readBytes(path), path));
      else loose.push(await looseFile(path, format, known));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.set(path, error);
    }
    options.onProgress?.({ step: 'look at files', done: at + 1, total: files.length });
  }
  // The data file of an .mhd is no image of its own.
  for (const { dataPath } of loose) if (dataPath !== undefined) problems.delete(dataPath);
  return { headers, loose, problems: [...problems].map(([path, error]) => ({ path, error })) };
}

async function looseFile(
  path: string,
  format: LooseFile['format'],
  known: ReadonlySet<string>,
): Promise<LooseFile> {
  if (format === 'nifti') return { path, format };
  const dataFile = metaImageDataFile(await readBytes(path), path);
  const dataPath = dataFile === undefined ? undefined : join(dirname(path), dataFile);
  return dataPath !== undefined && known.has(dataPath) ? { path, format, dataPath } : { path, format };
}
