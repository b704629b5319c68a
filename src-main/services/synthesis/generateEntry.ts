import { join } from 'node:path';
import { fileHash } from '../../workflows/files/fileHash.ts';
import type { AuditEntry } from '../audit/auditEntry.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory } from '../library/sctRecord.ts';
import { imageKey } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/**
 * The audit log's line of an sCT of the workspace. `inputs`: hashes of what it was made from; absent: of the case's MR and mask, if that MR
 * is still there. Throws SCT_NOT_FOUND and what hashing throws.
 */
export async function generateEntry(
  workspace: Workspace,
  caseId: string,
  sctId: string,
  inputs?: Readonly<Record<string, string>>,
): Promise<AuditEntry> {
  const { model, gate, madeFrom } = await readSct(workspace, caseId, sctId);
  const { name, version, weightHash } = model;
  const isOfThisMr = madeFrom !== undefined && madeFrom === imageKey(await workspace.readCase(caseId), 'mr');
  const from = inputs ?? (isOfThisMr ? await inputHashes(workspace, caseId) : {});
  return {
    action: 'generate',
    subject: caseId,
    model: { name, version, weightHash },
    inputs: from,
    outputs: { sct: await fileHash(join(sctDirectory(workspace, caseId, sctId), 'sct.nii')) },
    details: {
      sct: sctId,
      gate: gate?.verdict ?? '',
      overridden: typeof gate?.override === 'string',
    },
  };
}

/** SHA-256 of the case's MR, and of its mask where it has one. */
export async function inputHashes(workspace: Workspace, caseId: string): Promise<Record<string, string>> {
  const { mask } = await workspace.readCase(caseId);
  const hashOf = (name: 'mr' | 'mask'): Promise<string> => fileHash(workspace.volumePath(caseId, name));
  return { mr: await hashOf('mr'), ...(mask ? { mask: await hashOf('mask') } : {}) };
}
