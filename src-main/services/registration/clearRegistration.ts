import { appendAudit } from '../audit/auditLog.ts';
import { excludeUnregistered } from '../importer/enrolCases.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { removePlacedCt, withImportedCt } from './placedCt.ts';

/**
 * Puts a case's CT back where its own file puts it; a pair that then shares no space leaves the training. Nothing happens to a case that was not
 * registered. Throws CASE_NOT_FOUND and write errors.
 */
export async function clearRegistration(workspace: Workspace, caseId: string): Promise<void> {
  const record = await workspace.readCase(caseId);
  if (record.registration === undefined) return;
  await workspace.writeCase(withImportedCt(record));
  await removePlacedCt(workspace, record);
  await excludeUnregistered(workspace, caseId);
  await appendAudit(workspace, {
    action: 'register',
    subject: caseId,
    details: { registration: 'as imported', before: record.registration.id },
  });
}
