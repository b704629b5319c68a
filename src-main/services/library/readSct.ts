import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { readRecord } from '../../workflows/files/record.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { sctDirectory, sctIdSchema, sctRecordSchema, type SctRecord } from './sctRecord.ts';

/** The record of one sCT. Throws SCT_NOT_FOUND, RECORD_INVALID. */
export async function readSct(workspace: Workspace, caseId: string, sctId: string): Promise<SctRecord> {
  const missing = (): AppError => new AppError('SCT_NOT_FOUND', { case: caseId, sct: sctId });
  if (!sctIdSchema.safeParse(sctId).success) throw missing();
  await workspace.readCase(caseId);
  try {
    return await readRecord(join(sctDirectory(workspace, caseId, sctId), 'sct.json'), sctRecordSchema);
  } catch (error) {
    throw error instanceof AppError && error.code === 'FILE_NOT_FOUND' ? missing() : error;
  }
}
