import { join } from 'node:path';
import { readNifti } from '../../formats/nifti/readNifti.ts';
import { AppError } from '../../shared/appError.ts';
import type { Volume } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { isRegistered } from '../workspace/isRegistered.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory } from '../library/sctRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { structureStatistics, type RegionStatistics } from './structureStatistics.ts';
import { structurePlace } from './structurePlace.ts';
import { readStructureSet } from './structureSetRecord.ts';

/**
 * HU in every region of one of a case's structure sets: in its CT where that shares the space, and in an sCT where one is named. Throws
 * CASE_NOT_FOUND, STRUCTURES_NOT_FOUND, STRUCTURES_OTHER_FRAME, SCT_NOT_FOUND.
 */
export async function caseStatistics(
  workspace: Workspace,
  caseId: string,
  structureSetId: string,
  sctId?: string,
): Promise<RegionStatistics[]> {
  const record = await workspace.readCase(caseId);
  const set = await readStructureSet(workspace, caseId, structureSetId);
  const place = await structurePlace(set, workspace, record);
  if (!place) throw new AppError('STRUCTURES_OTHER_FRAME', { case: caseId, set: structureSetId });
  const { grid } = await workspace.readVolume(caseId, place.image);
  const ct = record.ct && isRegistered(record) ? await workspace.readVolume(caseId, 'ct') : undefined;
  const sct = sctId === undefined ? undefined : await readSctVolume(workspace, caseId, sctId);
  return structureStatistics(
    set.structureSet,
    { grid, ...place },
    { ...(ct ? { ct } : {}), ...(sct ? { sct } : {}) },
  );
}

async function readSctVolume(workspace: Workspace, caseId: string, sctId: string): Promise<Volume> {
  await readSct(workspace, caseId, sctId);
  const path = join(sctDirectory(workspace, caseId, sctId), 'sct.nii');
  return readNifti(await readBytes(path), path);
}
