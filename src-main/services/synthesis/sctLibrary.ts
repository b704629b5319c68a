/** The synthetic CTs of a workspace, one by one. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SctDetail } from '../../api/contract/cases.ts';
import type { SliceHeader } from '../../api/contract/volumes.ts';
import type { Finding } from '../../shared/finding.ts';
import { temporaryName } from '../../workflows/files/temporaryName.ts';
import { toWriteError } from '../../workflows/files/toWriteError.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { findingBody } from '../findings/findingBody.ts';
import { sctSummary } from '../library/listScts.ts';
import { readSct } from '../library/readSct.ts';
import { sctDirectory, type SctRecord } from '../library/sctRecord.ts';
import { openStoredVolume } from '../library/storedVolume.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import { isOtherImage } from '../workspace/imageKey.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { finishedSlicesDirectory, readFinishedSlice } from './finishedSlices.ts';

function ofOtherMr(sct: SctRecord, record: CaseRecord): Finding[] {
  if (!isOtherImage(sct.madeFrom, record, 'mr')) return [];
  return [{ code: 'sct-of-other-mr', severity: 'error', subject: sct.sctId, details: {} }];
}

export interface SctLibrary {
  /** Throws CASE_NOT_FOUND, SCT_NOT_FOUND. */
  read(caseId: string, sctId: string): Promise<SctDetail>;
  /** Removes it for good: it can be generated again. Throws as `read`, and write errors. */
  remove(caseId: string, sctId: string): Promise<void>;
  /** A slice of a job that still runs. Throws FILE_NOT_FOUND while it is not finished. */
  finishedSlice(
    scratchDirectory: string,
    slice: number,
  ): Promise<{ readonly header: SliceHeader; readonly bytes: Uint8Array<ArrayBuffer> }>;
}

export function createSctLibrary(workspace: Workspace): SctLibrary {
  return {
    async read(caseId, sctId) {
      const record = await workspace.readCase(caseId);
      const sct = await readSct(workspace, caseId, sctId);
      const findings = [...sct.findings, ...ofOtherMr(sct, record)];
      const { grid } = await openStoredVolume(join(sctDirectory(workspace, caseId, sctId), 'sct.nii'));
      return { ...sctSummary(sct, record), ...grid, findings: findings.map(findingBody) };
    },
    async remove(caseId, sctId) {
      await readSct(workspace, caseId, sctId);
      const folder = sctDirectory(workspace, caseId, sctId);
      const gone = temporaryName(folder);
      try {
        // Out of sight at once, whatever becomes of deleting its files.
        await rename(folder, gone);
        await rm(gone, { recursive: true, force: true });
      } catch (error) {
        throw toWriteError(error, folder);
      }
      await appendAudit(workspace, { action: 'delete', subject: caseId, details: { sct: sctId } });
    },
    finishedSlice: (scratchDirectory, slice) =>
      readFinishedSlice(finishedSlicesDirectory(scratchDirectory), slice),
  };
}
