/**
 * Whether a series fits into memory, told from its headers before anything is loaded.
 *
 * Counted is the most that is held at a time: the volume as 32-bit floats beside its 16-bit copy, or the acquired slices beside the even
 * ones that are made of them, both as floats; and the frames of the largest file, twice (as read and decoded). The system's own figure of
 * what is free includes its file cache.
 */
import { freemem } from 'node:os';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import { AppError } from '../../shared/appError.ts';
import { voxelCount } from '../../shared/volume.ts';

const mebibyte = 2 ** 20;

type Loadable = Pick<SeriesGroup, 'headers' | 'label' | 'evened'>;

/** Bytes needed at most while the slices become a volume. */
export function memoryNeeded({ headers, evened }: Pick<Loadable, 'headers' | 'evened'>): number {
  let acquired = 0;
  let largestFile = 0;
  for (const { rows, columns, frameCount } of headers) {
    acquired += rows * columns;
    largestFile = Math.max(largestFile, rows * columns * frameCount * 2);
  }
  const even = evened ? voxelCount(evened.geometry.grid) : 0;
  const besideCopy = (voxels: number): number => voxels * (4 + 2);
  return Math.max(besideCopy(acquired), besideCopy(even), (acquired + even) * 4) + 2 * largestFile;
}

/** Throws VOLUME_TOO_LARGE when `group` needs more than is free. */
export function checkMemory(group: Loadable, free = freemem()): void {
  requireMemory(group.label, memoryNeeded(group), free);
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
