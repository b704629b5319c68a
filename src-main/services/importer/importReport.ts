/** What an import tells: every file's one outcome, and what became of the series and cases. No patient's name is in it. */
import type { Finding } from '../../shared/finding.ts';
import type { CaseVolumeName } from '../workspace/caseRecord.ts';

/**
 * `loaded`: its voxels are in a case; `merged`: the same image as a loaded file; `skipped`: nothing to import or not
 * chosen; `failed`: it should have been readable and is not.
 */
export type Outcome = 'loaded' | 'merged' | 'skipped' | 'failed';

export interface FileOutcome {
  readonly path: string;
  readonly outcome: Outcome;
  /** Why; absent only for `loaded`. */
  readonly reason?: Finding;
}

export interface ImportedCase {
  readonly caseId: string;
  /** Whether the workspace had no such case before. */
  readonly isNew: boolean;
  /** What the case has now. */
  readonly volumes: readonly CaseVolumeName[];
}

export interface ImportReport {
  /** In the order in which the files were found; each file once. */
  readonly outcomes: readonly FileOutcome[];
  readonly cases: readonly ImportedCase[];
  /** About series and cases. */
  readonly findings: readonly Finding[];
  /** Stopped on request; files not reached are `skipped`. */
  readonly cancelled: boolean;
}
