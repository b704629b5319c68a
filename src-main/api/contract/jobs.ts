/**
 * Jobs: how they are started, how they stand, what they end with, and the stream of events.
 *
 * GET  /api/events                                    → NDJSON of ServerEvent: a snapshot first, then what happens; `ping` every 5 s
 * POST /api/jobs                                      ← JobStart → JobSnapshot (202)
 * GET  /api/jobs/:job                                 → JobSnapshot;  GET /api/jobs/:job/log → text/plain
 * POST /api/jobs/:job/cancel                          ← { force?: boolean } → JobSnapshot. First asks to stop; `force` kills.
 * DELETE /api/jobs/:job                               → 204: forgets a finished job (leaves the tray)
 * GET  /api/jobs/:job/slices/:slice                   → binary float32 HU of one finished slice of a `generate` job, header `Ilium-Slice`: SliceHeader;
 *                                                       204 when it is not there yet or any more (slices go with their job)
 */
import type { RegistrationBody, RigidTransformBody } from './cases.ts';
import type { ErrorBody, FindingBody } from './session.ts';
import type { RunRequest } from './training.ts';

export type JobStart =
  | {
      readonly kind: 'import';
      readonly paths?: readonly string[];
      readonly upload?: string;
      /** Uneven slices are resampled to even ones; without it the settings say. */
      readonly resample?: boolean;
    }
  /** Writes one phantom patient as DICOM and imports it. */
  | { readonly kind: 'phantom-study'; readonly seed?: number }
  /** Writes a small phantom cohort and imports it, for trying the Train desk. */
  | { readonly kind: 'phantom-cohort'; readonly cases?: number }
  | {
      readonly kind: 'generate';
      readonly caseId: string;
      readonly modelId: string;
      readonly device?: string;
      readonly override?: string;
    }
  | {
      readonly kind: 'export';
      readonly caseId: string;
      readonly sctId: string;
      readonly format: 'dicom' | 'nifti';
      /** DICOM: the plan that was shown. */
      readonly planId?: string;
      /** Absent: a new folder in the workspace's `exports/`. */
      readonly directory?: string;
      /** DICOM: also the structure sets that were drawn on the case's MR, written again for the sCT. */
      readonly structures?: boolean;
    }
  | { readonly kind: 'rank'; readonly top?: number }
  /** Places the CT in the MR's space: by mutual information, or where a person has put it (`placement`, CT → MR). */
  | {
      readonly kind: 'register';
      readonly caseId: string;
      readonly fixed?: 'mr' | 'ct';
      readonly placement?: RigidTransformBody;
    }
  | ({ readonly kind: 'train' } & RunRequest)
  | { readonly kind: 'resume'; readonly run: string; readonly device?: string }
  | { readonly kind: 'release'; readonly run: string; readonly name: string }
  | {
      readonly kind: 'compare';
      /** The first is what the others are compared with. */
      readonly runs: readonly string[];
      /** Absent: those with the role `test`. */
      readonly cases?: readonly string[];
      readonly device?: string;
    }
  /** Fetches studies or series of a node and imports them. */
  | { readonly kind: 'retrieve'; readonly nodeId: string; readonly targets: readonly RetrieveTarget[] }
  /** Sends what an `export` job has written as DICOM (its `path`). */
  | { readonly kind: 'send'; readonly nodeId: string; readonly path: string };

export interface RetrieveTarget {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
}

export type JobKind = JobStart['kind'];

export type JobStatus = 'running' | 'stopping' | 'done' | 'cancelled' | 'failed';

export interface JobSnapshot {
  readonly jobId: string;
  readonly kind: JobKind;
  /** What it works on: a case's label is never in it, ids may be. */
  readonly subject: string;
  readonly status: JobStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: { readonly step: string; readonly done: number; readonly total: number } | null;
  readonly secondsLeft: number | null;
  readonly memoryMiB: number | null;
  /** ISO time of the last sign of life. */
  readonly heardAt: string;
  /** Last message of the job. */
  readonly message: string | null;
  readonly error: ErrorBody['error'] | null;
  /** By kind: `import` ImportResult, `generate` { caseId, sctId }, `export` ExportResult, `train`/`resume` { run, status }, `release` { modelId }, `register` RegisterResult, `compare` what `ilium compare --json` says (its subject is the comparison's id), `phantom-study` and `retrieve` ImportResult, `send` SendResult. */
  readonly result: unknown;
}

export interface ImportResult {
  /** Every file ends in exactly one outcome. */
  readonly outcomes: readonly {
    readonly path: string;
    readonly outcome: 'loaded' | 'merged' | 'skipped' | 'failed';
    readonly reason: FindingBody | null;
  }[];
  readonly cases: readonly {
    readonly caseId: string;
    readonly isNew: boolean;
    readonly volumes: readonly string[];
  }[];
  readonly findings: readonly FindingBody[];
  readonly cancelled: boolean;
}

export interface RegisterResult {
  readonly caseId: string;
  readonly registration: RegistrationBody;
  /** What makes it implausible. */
  readonly findings: readonly FindingBody[];
}

export type ServerEvent =
  | { readonly type: 'snapshot'; readonly jobs: readonly JobSnapshot[] }
  | { readonly type: 'job'; readonly job: JobSnapshot }
  | { readonly type: 'job-removed'; readonly jobId: string }
  /** A slice of a `generate` job can be fetched. */
  | { readonly type: 'slice'; readonly jobId: string; readonly slice: number; readonly total: number }
  /** A log line or an epoch of a run. */
  | { readonly type: 'run'; readonly run: string; readonly step: number; readonly epoch: number }
  /** Something of the workspace has changed: read again what is shown. */
  | {
      readonly type: 'changed';
      readonly what: 'cases' | 'cohort' | 'models' | 'runs' | 'comparisons' | 'settings';
    }
  | { readonly type: 'ping'; readonly time: string };
