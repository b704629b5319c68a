import { AppError } from '../../shared/appError.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { excludeUnregistered } from '../importer/enrolCases.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { renewComparisons } from '../library/renewComparisons.ts';
import { keepMeasured } from './keepMeasured.ts';
import { removePlacedCt, withImportedCt } from './placedCt.ts';
import { readRegistration } from './registrationRecord.ts';

/**
 * Puts a case's CT back where its own file puts it; a pair that then shares no space leaves the training. Nothing happens to a case that was not
 * registered. Throws CASE_NOT_FOUND and write errors.
 */
export async function clearRegistration(workspace: Workspace, caseId: string): Promise<void> {
  const record = await workspace.readCase(caseId);
  if (record.registration === undefined) return;
  const asImported = await informationAsImported(workspace, record);
  await workspace.writeCase(withImportedCt(record));
  await removePlacedCt(workspace, record);
  await keepMeasured(workspace, caseId, asImported);
  await excludeUnregistered(workspace, caseId);
  await appendAudit(workspace, {
    action: 'register',
    subject: caseId,
    details: { registration: 'as imported', before: record.registration.id },
  });
  await renewComparisons(workspace, caseId);
}

/** Mutual information where the CT's own file puts it, as far as the registration began there; null where nobody has measured it. */
async function informationAsImported(workspace: Workspace, record: CaseRecord): Promise<number | null> {
  try {
    const registration = await readRegistration(workspace, record);
    if (registration?.start.how !== 'as-they-lie') return null;
    return registration.quality.mutualInformation.before;
  } catch (error) {
    // A registration whose record is lost can still be taken back.
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}
