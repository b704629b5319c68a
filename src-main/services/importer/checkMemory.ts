/**
 * Whether a series fits into memory, told from its headers before anything is loaded.
 *
 * Counted: the volume as 32-bit floats beside its 16-bit copy (the most that is held at a time) and the frames of the largest file, twice
 * (as read and decoded). The system's own figure of what is free includes its file cache.
 */
import { freemem } from 'node:os';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import { AppError } from '../../shared/appError.ts';

const mebibyte = 2 ** 20;

/** Bytes needed at most while `headers` become a volume. */
export function memoryNeeded(headers: SeriesGroup['headers']): number {
  let voxels = 0;
  let largestFile = 0;
  for (const { rows, columns, frameCount } of headers) {
    voxels += rows * columns;
    largestFile = Math.max(largestFile, rows * columns * frameCount * 2);
  }
  return voxels * (4 + 2) + 2 * largestFile;
}

/** Throws VOLUME_TOO_LARGE when `group` needs more than is free. */
export function checkMemory(
  { headers, label }: Pick<SeriesGroup, 'headers' | 'label'>,
  free = freemem(),
): void {
  requireMemory(label, memoryNeeded(headers), free);
}

/** Throws VOLUME_TOO_LARGE when `path` needs more bytes than are free. */
export function requireMemory(path: string, needed: number, free = freemem()): void {
  if (needed <= free) return;
  const details = {
    path,
    needed: Math.ceil(needed / mebibyte),
    available: Math.floor(free / mebibyte),
  };
  throw new AppError('VOLUME_TOO_LARGE', details);
}
