/**
 * Deleting a case is moving it: its folder goes to the workspace's `trash/`, with its line of the cohort, and can come back until a case
 * of the same id is deleted again. What the trash holds is emptied by hand only.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';
import { toWriteError } from '../../workflows/files/toWriteError.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { caseIdSchema } from '../workspace/caseRecord.ts';
import { cohortSchema } from '../workspace/cohort.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface CaseTrash {
  /** Throws CASE_NOT_FOUND and write errors. */
  discard(caseId: string): Promise<void>;
  /** Throws CASE_NOT_FOUND when it is not in the trash, OUTPUT_EXISTS when it was imported again meanwhile. */
  restore(caseId: string): Promise<void>;
}

export function createCaseTrash(workspace: Workspace): CaseTrash {
  const trash = join(workspace.directory, 'trash');
  const cohortFile = 'cohort-entry.json';
  return {
    async discard(caseId) {
      await workspace.readCase(caseId);
      const cohort = await workspace.readCohort();
      const entries = cohort.cases.filter((entry) => entry.caseId === caseId);
      const target = join(trash, caseId);
      try {
        await mkdir(trash, { recursive: true });
        await rm(target, { recursive: true, force: true });
        // The cohort first: an entry without a case would stop training, a case without an entry only waits.
        if (entries.length > 0)
          await workspace.writeCohort({
            ...cohort,
            cases: cohort.cases.filter((entry) => entry.caseId !== caseId),
          });
        await rename(join(workspace.casesDirectory, caseId), target);
      } catch (error) {
        throw toWriteError(error, target);
      }
      await writeRecord(join(target, cohortFile), cohortSchema, { schemaVersion: 1, cases: entries });
      await appendAudit(workspace, { action: 'delete', subject: caseId, details: { to: 'trash' } });
    },
    async restore(caseId) {
      const source = join(trash, caseId);
      if (!caseIdSchema.safeParse(caseId).success || !(await fileExists(join(source, 'case.json'))))
        throw new AppError('CASE_NOT_FOUND', { case: caseId });
      const target = join(workspace.casesDirectory, caseId);
      if (await fileExists(target)) throw new AppError('OUTPUT_EXISTS', { path: target });
      const entryPath = join(source, cohortFile);
      const kept = (await fileExists(entryPath)) ? await readRecord(entryPath, cohortSchema) : undefined;
      try {
        await rename(source, target);
        await rm(join(target, cohortFile), { force: true });
      } catch (error) {
        throw toWriteError(error, target);
      }
      await appendAudit(workspace, { action: 'restore', subject: caseId });
      if (kept === undefined || kept.cases.length === 0) return;
      const cohort = await workspace.readCohort();
      const others = cohort.cases.filter((entry) => entry.caseId !== caseId);
      await workspace.writeCohort({ ...cohort, cases: [...others, ...kept.cases] });
    },
  };
}
