/**
 * Joins a CT and a folder of masks, one NIfTI or MetaImage file per structure as TotalSegmentator writes them (`hip_left.nii.gz`). Masks
 * of structures that are not known count as unlabelled; where masks overlap, the later name wins.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { structureNumber } from '../../imaging/phantom/structures.ts';
import type { SegmentedCt } from '../../imaging/phantom/scannedBody.ts';
import { AppError } from '../../shared/appError.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { sameGrid, type Volume } from '../../shared/volume.ts';
import { filesHash } from '../files/filesHash.ts';
import { readVolumeFile } from '../files/volumeFile.ts';

export interface ReadSegmentedCt extends SegmentedCt {
  /** Masks that were used. */
  readonly masks: number;
  /** SHA-256 of the CT's files and of the masks that were used. */
  readonly sha256: { readonly ct: string; readonly labels: string };
}

const imageName = /\.(nii|nii\.gz|mha|mhd)$/i;

/** Reads the masks in `folder` for `ct`, whose files have the digest `ctSha256`. Throws FILE_NOT_FOUND, LABELS_UNKNOWN, GRID_MISMATCH, and what reading a file throws. */
export async function readSegmentedCt(
  { volume: ct, sha256: ctSha256 }: { readonly volume: Volume; readonly sha256: string },
  folder: string,
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: StopSignal } = {},
): Promise<ReadSegmentedCt> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new AppError('FILE_NOT_FOUND', { path: folder }, { cause: error });
  });
  const known = entries
    .filter((name) => imageName.test(name))
    .map((name) => ({ name, number: structureNumber(name) }))
    .filter(({ number }) => number > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  if (known.length === 0) throw new AppError('LABELS_UNKNOWN', { path: folder });
  const count = ct.data.length;
  const structures = new Uint8Array(count);
  const hips = new Uint8Array(count);
  const bladder = new Uint8Array(count);
  for (const [done, { name, number }] of known.entries()) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    const { grid, data } = await readVolumeFile(path);
    if (!sameGrid(grid, ct.grid))
      throw new AppError('GRID_MISMATCH', {
        first: path,
        second: 'the CT',
        reason: 'a mask must have the size and position of its CT',
      });
    const part = name.startsWith('hip_') ? hips : name.startsWith('urinary_bladder') ? bladder : null;
    for (let at = 0; at < count; at++) {
      if (!((data[at] as number) > 0)) continue;
      structures[at] = number;
      if (part) part[at] = 1;
    }
    onProgress?.({ step: 'labels', done: done + 1, total: known.length });
  }
  const labels = await filesHash(known.map(({ name }) => join(folder, name)));
  return {
    ...{ ct, structures, hips, bladder, masks: known.length },
    sha256: { ct: ctSha256, labels },
  };
}
