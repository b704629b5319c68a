/** A case as comparisons see it: its images, and what its results depend on. */
import type { Volume } from '../../shared/volume.ts';
import { AppError } from '../../shared/appError.ts';
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { join } from 'node:path';
import { fileHash } from '../../workflows/files/fileHash.ts';

export interface ComparedCase {
  readonly caseId: string;
  /** SHA-256 of the files; `mask` null where the case has none. */
  readonly hashes: { readonly mr: string; readonly ct: string; readonly mask: string | null };
  readonly readMr: () => Promise<Volume>;
  readonly readCt: () => Promise<Volume>;
  /** The case's own mask. */
  readonly readMask: () => Promise<Volume | undefined>;
}

/** Opens a case. Throws CASE_NOT_FOUND, RECORD_INVALID, and COMPARE_NO_PAIR for a case without MR or CT. */
export async function openComparedCase(workspace: Workspace, caseId: string): Promise<ComparedCase> {
  const { mr, ct, mask } = await workspace.readCase(caseId);
  if (!mr || !ct) throw new AppError('COMPARE_NO_PAIR', { case: caseId });
  const hashOf = (file: string): Promise<string> => fileHash(join(workspace.casesDirectory, caseId, file));
  return {
    caseId,
    hashes: {
      mr: await hashOf(mr.file),
      ct: await hashOf(ct.file),
      mask: mask ? await hashOf(mask.file) : null,
    },
    readMr: () => workspace.readVolume(caseId, 'mr'),
    readCt: () => workspace.readVolume(caseId, 'ct'),
    readMask: async () => (mask ? workspace.readVolume(caseId, 'mask') : undefined),
  };
}

/** Where figures count: inside the case's own mask, else inside the skin as the MR shows it. Throws NO_BODY_FOUND. */
export async function countingMask({ caseId, readMask, readMr }: ComparedCase): Promise<Volume> {
  return (await readMask()) ?? bodyMask(await readMr(), { dilationMm: 0, subject: caseId });
}
