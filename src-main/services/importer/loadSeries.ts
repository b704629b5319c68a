/** Loads a display set whose files are found, after a look at whether it fits into memory. */
import { assembleVolume, type AssembledVolume } from '../../formats/dicom/assembleVolume.ts';
import type { SeriesGroup } from '../../formats/dicom/groupSeries.ts';
import { checkMemory } from './checkMemory.ts';
import type { ImportFiles } from './openImportFiles.ts';

/** Rejects with VOLUME_TOO_LARGE and what `assembleVolume` and reading reject with. */
export async function loadSeries(group: SeriesGroup, read: ImportFiles['read']): Promise<AssembledVolume> {
  checkMemory(group);
  return assembleVolume(group, read);
}
