/**
 * Ranks the workspace's cases and writes the proposal into `cohort.json`. Cases of the workspace that have MR and CT but no entry yet
 * join as `train`; `test` and `excluded` stay as people set them; entries of cases that are gone are left for people to remove.
 */
import {
  rankCases,
  type CaseToRank,
  type RankOptions,
  type Ranking,
} from '../../workflows/rank/rankCases.ts';
import type { CohortCase } from '../workspace/cohort.ts';
import type { CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

/** Measures, proposes and saves. Throws COHORT_EMPTY without a measurable pair, COHORT_INVALID for a broken cohort file. */
export async function rankCohort(workspace: Workspace, options: RankOptions): Promise<Ranking> {
  const records = await workspace.listCases();
  const present = new Set(records.map(({ caseId }) => caseId));
  const joined = await joinedCases(workspace, records);
  const ranking = await rankCases(
    joined
      .filter(({ caseId, role }) => role !== 'excluded' && present.has(caseId))
      .map((entry) => toRank(workspace, entry, records)),
    options,
  );
  const measured = new Map(ranking.cases.map((ranked) => [ranked.caseId, ranked]));
  // Measuring takes minutes: what has come, or was decided by a person, in the meantime stays.
  const before = new Map(joined.map((entry) => [entry.caseId, entry.role]));
  const now = await joinedCases(workspace, await workspace.listCases());
  await workspace.writeCohort({
    schemaVersion: 1,
    cases: now.map((entry): CohortCase => {
      const ranked = measured.get(entry.caseId);
      if (!ranked || ranked.mutualInformation === null) return entry;
      if (entry.role !== before.get(entry.caseId)) return entry;
      const { reason, ...rest } = entry;
      const kept = entry.role === 'test' && reason !== undefined ? { reason } : {};
      const why =
        ranked.proposedRole === 'meta' ? { reason: 'proposed by rank: high mutual information' } : kept;
      return { ...rest, role: ranked.proposedRole, mutualInformation: ranked.mutualInformation, ...why };
    }),
  });
  return ranking;
}

/** The cohort with every pair that has no entry yet. */
async function joinedCases(workspace: Workspace, records: readonly CaseRecord[]): Promise<CohortCase[]> {
  const { cases: entries } = await workspace.readCohort();
  const known = new Set(entries.map(({ caseId }) => caseId));
  return [
    ...entries,
    ...records
      .filter(({ caseId, mr, ct }) => !known.has(caseId) && mr && ct)
      .map(({ caseId, center }): CohortCase => ({ caseId, role: 'train', ...(center ? { center } : {}) })),
  ];
}

function toRank(workspace: Workspace, entry: CohortCase, records: readonly CaseRecord[]): CaseToRank {
  const { caseId, role } = entry;
  const record = records.find((one) => one.caseId === caseId);
  const center = entry.center ?? record?.center;
  return {
    caseId,
    role,
    ...(center === undefined ? {} : { center }),
    load: async () => {
      if (!record?.mr || !record.ct) return null;
      const mr = await workspace.readVolume(caseId, 'mr');
      const ct = await workspace.readVolume(caseId, 'ct');
      return { mr, ct, ...(record.mask ? { mask: await workspace.readVolume(caseId, 'mask') } : {}) };
    },
  };
}
