/** The cohort as the Train desk shows and edits it. Cases without an entry are shown as excluded; entries of cases that are gone are not shown. */
import { join } from 'node:path';
import type { CohortCaseView, CohortEdit, CohortView } from '../../api/contract/training.ts';
import { axialGrid } from '../../imaging/orient/toAxialLps.ts';
import { affineSpacing } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid } from '../../shared/volume.ts';
import { createMemo } from '../library/memo.ts';
import { openStoredVolume } from '../library/storedVolume.ts';
import { listWeightedRuns } from '../library/weightVolume.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { CohortCase } from '../workspace/cohort.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { trustedShares } from './trustedShares.ts';

export interface CohortDesk {
  /** Throws COHORT_INVALID. */
  view(): Promise<CohortView>;
  /** Sets roles and reasons, all or none. Throws CASE_NOT_FOUND, BAD_REQUEST for a role that a case without both images cannot have. */
  edit(edits: readonly CohortEdit[]): Promise<CohortView>;
}

export function createCohortDesk(workspace: Workspace): CohortDesk {
  const shares = createMemo<Map<string, number>>(4);

  /** Shares of the newest finished run; empty where its files are damaged, which the list of runs says. */
  const newestShares = async (): Promise<Map<string, number>> => {
    const [run] = await listWeightedRuns(workspace.runsDirectory);
    if (!run) return new Map();
    return shares(run.version, () => trustedShares(run)).catch((error: unknown) => {
      if (error instanceof AppError || isMissingFile(error)) return new Map<string, number>();
      throw error;
    });
  };
  const viewOf = async (
    record: CaseRecord,
    entry: CohortCase | undefined,
    trusted: number | undefined,
  ): Promise<CohortCaseView> => {
    const { caseId, label, mr } = record;
    const grid = mr && (await axialGridAt(join(workspace.casesDirectory, caseId, mr.file)));
    return {
      caseId,
      label,
      role: entry?.role ?? 'excluded',
      reason: entry?.reason ?? null,
      spacingMm: grid ? affineSpacing(grid.indexToLps) : null,
      slices: grid ? grid.size[2] : null,
      mutualInformation: entry?.mutualInformation ?? null,
      trustedShare: trusted ?? null,
    };
  };
  const view = async (): Promise<CohortView> => {
    const { cases } = await workspace.readCohort();
    const records = await workspace.listCases();
    const trusted = await newestShares();
    const entryOf = (caseId: string): CohortCase | undefined => cases.find((one) => one.caseId === caseId);
    return {
      cases: await Promise.all(
        records.map((record) => viewOf(record, entryOf(record.caseId), trusted.get(record.caseId))),
      ),
    };
  };

  return {
    view,
    async edit(edits) {
      const records = new Map((await workspace.listCases()).map((record) => [record.caseId, record]));
      const { cases } = await workspace.readCohort();
      const entries = new Map(cases.map((entry) => [entry.caseId, entry]));
      for (const edit of edits) {
        const record = records.get(edit.caseId);
        if (!record) throw new AppError('CASE_NOT_FOUND', { case: edit.caseId });
        requirePair(record, edit);
        entries.set(edit.caseId, edited(entries.get(edit.caseId), record, edit));
      }
      await workspace.writeCohort({ schemaVersion: 1, cases: [...entries.values()] });
      return view();
    },
  };
}

function requirePair({ caseId, mr, ct }: CaseRecord, { role }: CohortEdit): void {
  if (role === 'excluded' || (mr && ct)) return;
  const reason = `${caseId} has no ${mr ? 'CT' : 'MR'}, so it cannot be for ${role}`;
  throw new AppError('BAD_REQUEST', { reason });
}

/** The entry with its new role; what was measured stays, an old reason does not outlive its role. */
function edited(
  entry: CohortCase | undefined,
  { caseId, center }: CaseRecord,
  { role, reason }: CohortEdit,
): CohortCase {
  const { mutualInformation } = entry ?? {};
  const where = entry?.center ?? center;
  return {
    caseId,
    role,
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(mutualInformation === undefined ? {} : { mutualInformation }),
    ...(where === undefined ? {} : { center: where }),
  };
}

/** Null for a file that is missing or damaged: the case is shown all the same, so that it can be excluded. */
async function axialGridAt(path: string): Promise<Grid | null> {
  try {
    return axialGrid((await openStoredVolume(path)).grid);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
