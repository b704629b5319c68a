/**
 * Ranks cases by the mutual information of MR and CT inside the body, on the MR's grid: the better a pair is aligned, the more one
 * image tells about the other (`pairInformation.ts`).
 */
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { Volume } from '../../shared/volume.ts';
import { pairBody, pairInformation } from './pairInformation.ts';
import { byMutualInformation, proposeRoles, type CaseRole, type ScoredCase } from './proposeRoles.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface CaseVolumes {
  readonly mr: Volume;
  readonly ct: Volume;
  readonly mask?: Volume;
}

export interface CaseToRank {
  readonly caseId: string;
  readonly center?: string;
  readonly role: CaseRole;
  /** Loads the volumes; null when the case has no CT. */
  readonly load: () => Promise<CaseVolumes | null>;
}

export interface RankOptions {
  /** Share of the cases that become `meta`: 0.11 as in the abstract. */
  readonly top: number;
  /** Take the share from each centre instead of from all cases together. */
  readonly perCenter?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: StopSignal;
}

export interface RankedCase extends ScoredCase {
  /** Studholme's (H(A) + H(B)) / H(A, B), 1…2: less dependent on the overlap; for comparison, not used to rank. */
  readonly normalisedMutualInformation: number | null;
  readonly proposedRole: CaseRole;
}

export interface Ranking {
  /** Most informative first; cases without a value last. */
  readonly cases: readonly RankedCase[];
  readonly findings: readonly Finding[];
}

/** Measures every case, one at a time in memory, and proposes roles. Throws COHORT_EMPTY when no case could be measured. */
export async function rankCases(cases: readonly CaseToRank[], options: RankOptions): Promise<Ranking> {
  const { onProgress, signal } = options;
  const findings: Finding[] = [];
  const scored: Array<Omit<RankedCase, 'proposedRole'>> = [];
  for (const [done, { caseId, center, role, load }] of cases.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ step: 'measuring mutual information', done, total: cases.length });
    const measured = await measure(caseId, load, findings);
    scored.push({
      caseId,
      ...(center === undefined ? {} : { center }),
      role,
      mutualInformation: measured?.mutualInformation ?? null,
      normalisedMutualInformation: measured?.normalised ?? null,
    });
  }
  onProgress?.({ step: 'measuring mutual information', done: cases.length, total: cases.length });
  if (scored.every((one) => one.mutualInformation === null)) throw new AppError('COHORT_EMPTY');
  const roles = proposeRoles(scored, options);
  return {
    cases: scored
      .map((one) => ({ ...one, proposedRole: roles.get(one.caseId) ?? one.role }))
      .sort(byMutualInformation),
    findings,
  };
}

/** Null, with a finding that says why, when the case has no CT or no body. */
async function measure(
  caseId: string,
  load: CaseToRank['load'],
  findings: Finding[],
): Promise<{ mutualInformation: number; normalised: number } | null> {
  const volumes = await load();
  if (!volumes) {
    findings.push({ code: 'case-without-ct', severity: 'info', subject: caseId, details: {} });
    return null;
  }
  const { mr, ct, mask } = volumes;
  try {
    const measured = pairInformation(mr, ct, pairBody(mr, mask, caseId));
    if (!measured)
      throw new AppError('NO_BODY_FOUND', {
        subject: caseId,
        reason: 'the images are constant inside the body',
      });
    return measured;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    findings.push({
      code: 'case-not-measurable',
      severity: 'warning',
      subject: caseId,
      details: { reason: error.message },
    });
    return null;
  }
}
