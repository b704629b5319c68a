/**
 * The CT as registered: `ct-<registrationId>.nii`, the same voxels as the imported file with the registration in its grid, so that training,
 * evaluation and views read it like any CT. The imported file is never changed. The case's record is what decides: it is written after the
 * new file and before the old one goes, so that a crash leaves one or the other in use.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import type { Affine } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { moveVolume } from '../../workflows/register/moveVolume.ts';
import type { CaseImage, CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** The name of the CT's file as it was imported. */
export function importedCtFile(ct: CaseImage, registration: CaseRecord['registration']): string {
  return registration?.importedCt ?? ct.file;
}

/** Puts the CT of `record` at another place and returns the record as it is now. `imported` is the CT where its own file puts it. */
export async function placeCt(
  workspace: Workspace,
  record: CaseRecord & { readonly ct: CaseImage },
  imported: Volume,
  { id, ctToMr }: { readonly id: string; readonly ctToMr: Affine },
): Promise<CaseRecord> {
  const { caseId, ct } = record;
  const file = `ct-${id}.nii`;
  const bytes = writeNifti(moveVolume(imported, ctToMr), { description: 'CT as registered' });
  await writeAtomically(join(workspace.casesDirectory, caseId, file), bytes);
  const placed: CaseRecord = {
    ...record,
    ct: { ...ct, file },
    registration: { id, importedCt: importedCtFile(ct, record.registration) },
  };
  await workspace.writeCase(placed);
  await removePlacedCt(workspace, record);
  return placed;
}

/** The record with its CT where its own file puts it. */
export function withImportedCt(record: CaseRecord): CaseRecord {
  const { registration, ...rest } = record;
  if (registration === undefined || rest.ct === undefined) return rest;
  return { ...rest, ct: { ...rest.ct, file: registration.importedCt } };
}

/** Removes the placed file that `record`, no longer in use, names; nothing for a CT that was not registered. */
export async function removePlacedCt(workspace: Workspace, record: CaseRecord): Promise<void> {
  const { caseId, ct, registration } = record;
  if (registration === undefined || ct === undefined || ct.file === registration.importedCt) return;
  await rm(join(workspace.casesDirectory, caseId, ct.file), { force: true });
}
