/**
 * The cohort and the runs.
 *
 * GET  /api/cohort                                    → CohortView;  PUT ← { cases: CohortEdit[] } → CohortView
 * GET  /api/presets                                   → PresetBody[]
 * POST /api/runs/preflight                            ← RunRequest → Preflight
 * GET  /api/runs                                      → RunSummary[];  GET /api/runs/:run → RunDetail
 * GET  /api/runs/:run/log?from=N                      → RunLogPage: the lines of log.jsonl from the Nth on; a page may end before the log does
 * GET  /api/runs/:run/film                            → Film: which slices, which epochs
 * GET  /api/runs/:run/film/slices                     → binary float32 [n, 2, h, w]: MR in [−1, 1], CT in HU
 * GET  /api/runs/:run/film/:epoch                     → binary float32 [n, 2, h, w]: w (1 = average pixel; NaN without weights), prediction in HU
 */
import type { FindingBody } from './session.ts';
import type { Vector3Body } from './volumes.ts';

export type CohortRole = 'train' | 'meta' | 'test' | 'excluded';

export interface CohortCaseView {
  readonly caseId: string;
  readonly label: string;
  readonly role: CohortRole;
  readonly reason: string | null;
  readonly spacingMm: Vector3Body | null;
  readonly slices: number | null;
  /** Mutual information in nats inside the body; null until ranked. */
  readonly mutualInformation: number | null;
  /** Share of the pixels whose mean weight is above 0.5 in the newest finished run; null without one. */
  readonly trustedShare: number | null;
}

export interface CohortView {
  readonly cases: readonly CohortCaseView[];
}

export interface CohortEdit {
  readonly caseId: string;
  readonly role: CohortRole;
  readonly reason?: string;
}

export interface RunRequest {
  readonly method: 'pgan' | 'reg-pgan' | 'ctx-pgan' | 'meta';
  readonly preset: string;
  /** Settings that differ from the preset. */
  readonly differences?: Readonly<Record<string, unknown>>;
  readonly device?: string;
}

export interface Preflight {
  /** Why the run cannot start; empty when it can. */
  readonly problems: readonly FindingBody[];
  readonly neededMiB: number;
  readonly freeMiB: number;
  readonly device: string;
  readonly steps: number;
  readonly trainSlices: number;
  readonly metaSlices: number;
}

export interface RunSummary {
  readonly run: string;
  readonly createdAt: string;
  readonly method: string;
  readonly preset: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly epochs: number;
  /** `running`: a job of this process works on it. `stopped`: can be resumed. */
  readonly status: 'running' | 'stopped' | 'finished' | 'broken';
  readonly cases: { readonly train: number; readonly meta: number };
}

export interface RunDetail extends RunSummary {
  readonly config: Readonly<Record<string, unknown>>;
  /** Right and wrong pixels are known to phantoms alone. */
  readonly lastPixelHu: number | null;
}

export interface PresetBody {
  readonly name: string;
  /** TrainingConfig without method and preset. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A line of a run's log.jsonl. Errors are means of |sCT − CT| in HU; the validation one stands in meta runs after the warm-up. */
export type RunLogLine =
  | {
      readonly type: 'step';
      /** Steps done after this one. */
      readonly step: number;
      readonly epoch: number;
      readonly learningRate: number;
      readonly pixelHu: number;
      readonly adversarial: number;
      readonly discriminator: number;
      /** Losses that only some methods have, before their factors; the last one is the mean error in HU after the learned warp. */
      readonly perceptual?: number;
      readonly contextual?: number;
      readonly smoothness?: number;
      readonly registrationHu?: number;
      readonly validationHu?: number;
      readonly positiveShare?: number;
      readonly effectiveShare?: number;
      readonly seconds: number;
      readonly etaSeconds: number;
      readonly memoryMiB: number;
    }
  | { readonly type: 'epoch'; readonly epoch: number; readonly step: number; readonly time: string }
  | { readonly type: 'note'; readonly step: number; readonly message: string };

export interface RunLogPage {
  /** What to ask from next; equal to what was asked when there is nothing more, less when resuming has cut the log: lines beyond are void. */
  readonly next: number;
  readonly lines: readonly RunLogLine[];
}

export interface Film {
  readonly slices: readonly { readonly caseId: string; readonly label: string; readonly slice: number }[];
  readonly size: readonly [width: number, height: number];
  readonly spacingMm: readonly [number, number];
  /** Epochs of which a frame exists, ascending; 0 is before training. */
  readonly epochs: readonly number[];
  readonly hasWeights: boolean;
  /** Weights of frames up to this one are what they would be: nothing was weighed by then. */
  readonly warmupEpochs: number;
}
