import type { Workspace } from '../workspace/openWorkspace.ts';

/**
 * A case's CT lies elsewhere now: what a ranking measured before gives way to `mutualInformation` (nats), or to nothing where that is null.
 * A case that was never measured stays so.
 */
export async function keepMeasured(
  workspace: Workspace,
  caseId: string,
  mutualInformation: number | null,
): Promise<void> {
  const cohort = await workspace.readCohort();
  const entry = cohort.cases.find((one) => one.caseId === caseId);
  if (entry?.mutualInformation === undefined) return;
  const { mutualInformation: _before, ...rest } = entry;
  const measured = mutualInformation === null ? rest : { ...rest, mutualInformation };
  const cases = cohort.cases.map((one) => (one.caseId === caseId ? measured : one));
  await workspace.writeCohort({ schemaVersion: 1, cases });
}
