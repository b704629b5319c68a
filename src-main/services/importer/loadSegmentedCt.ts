/** A CT and its masks from where a person points, with what identifies them without a name. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { filesHash } from '../../workflows/files/filesHash.ts';
import { readSegmentedCt, type ReadSegmentedCt } from '../../workflows/phantom/readSegmentedCt.ts';
import { collectFiles } from './collectFiles.ts';
import { loadStudyVolume } from './loadStudyVolume.ts';

/** Files that hold a whole CT; others are one of several in their folder. */
const wholeImage = /\.(nii|nii\.gz|mha|zip)$/i;

/** Loads both. Throws what `loadStudyVolume` and `readSegmentedCt` throw. */
export async function loadSegmentedCt(
  { ct, labels }: { readonly ct: string; readonly labels: string },
  watched: { readonly onProgress?: OnProgress; readonly signal?: StopSignal },
): Promise<ReadSegmentedCt> {
  const { volume } = await loadStudyVolume(ct, { modality: 'CT', ...watched });
  const isFolder = (await stat(ct)).isDirectory();
  const { files } =
    isFolder || wholeImage.test(ct)
      ? await collectFiles([ct])
      : await collectFiles([dirname(ct)], { recursive: false });
  return readSegmentedCt({ volume, sha256: await filesHash(files) }, labels, watched);
}
