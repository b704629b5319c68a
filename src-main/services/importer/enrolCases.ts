/** Enters imported cases into the cohort: pairs to train on, others excluded with the reason. Roles people chose stay. */
import type { Cohort, CohortCase } from '../workspace/cohort.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import type { ImportedCase } from './importReport.ts';
import { isRegistered } from '../workspace/isRegistered.ts';

/** Reasons this file gives; an entry excluded for one of them is reconsidered when the case changes. */
const ownReasons: readonly string[] = ['no pair of MR and CT', 'MR and CT do not share a frame of reference'];

/** Takes a pair that shares no space out of the training; one that does stays as it is. */
export async function excludeUnregistered(workspace: Workspace, caseId: string): Promise<void> {
  const cohort = await workspace.readCohort();
  const entry = await newEntry(workspace, caseId);
  if (entry.role !== 'excluded' || !cohort.cases.some((one) => one.caseId === caseId)) return;
  const cases = cohort.cases.map((one) => (one.caseId === caseId ? entry : one));
  await workspace.writeCohort({ schemaVersion: 1, cases });
}

/** Adds or reconsiders the cohort entries of `imported`; nothing is written when nothing changes. */
export async function enrolCases(workspace: Workspace, imported: readonly ImportedCase[]): Promise<void> {
  if (imported.length === 0) return;
  const cohort = await workspace.readCohort();
  const entries = new Map(cohort.cases.map((entry) => [entry.caseId, entry]));
  for (const { caseId } of imported) {
    const entry = entries.get(caseId);
    const reconsidered =
      entry === undefined || (entry.role === 'excluded' && ownReasons.includes(entry.reason ?? ''));
    if (reconsidered) entries.set(caseId, await newEntry(workspace, caseId));
  }
  const next: Cohort = { schemaVersion: 1, cases: [...entries.values()] };
  if (JSON.stringify(next) !== JSON.stringify(cohort)) await workspace.writeCohort(next);
}

async function newEntry(workspace: Workspace, caseId: string): Promise<CohortCase> {
  const record = await workspace.readCase(caseId);
  const center = record.center === undefined ? {} : { center: record.center };
  const isPair = record.mr !== undefined && record.ct !== undefined;
  const reason = isPair ? (isRegistered(record) ? undefined : ownReasons[1]) : ownReasons[0];
  return reason === undefined
    ? { caseId, role: 'train', ...center }
    : { caseId, role: 'excluded', reason, ...center };
}
