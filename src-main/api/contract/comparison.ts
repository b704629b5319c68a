/**
 * Comparisons of runs.
 *
 * GET  /api/comparisons                               → ComparisonsView
 * GET  /api/comparisons/runs                          → ComparableRun[]: what can be compared
 * GET  /api/comparisons/:comparison/page?theme=       → HTML without scripts, for a frame; `light`, `dark` or as the reader's system is
 * GET  /api/comparisons/:comparison/files/:file       → the file (:file = a ComparisonFile); the PDF is printed when it is first asked for
 * DELETE /api/comparisons/:comparison                 → 204; into the workspace's `trash/`
 * POST /api/comparisons/:comparison/restore           → 204 (undo of the deletion)
 */
import type { RunSummary } from './training.ts';

/** A run as a comparison sees it. */
export interface ComparableRun extends RunSummary {
  readonly seed: number;
  /** What feature losses look through: the configuration's own word. */
  readonly features: string;
  /** Whether there is a checkpoint to take a generator from. */
  readonly hasGenerator: boolean;
  /** Ids of the cases it was trained on and judged by. */
  readonly seen: { readonly train: readonly string[]; readonly meta: readonly string[] };
  /** Ids of the cases whose pixels are in its losses. */
  readonly trainedOn: readonly string[];
}

export interface ComparisonSummary {
  readonly comparisonId: string;
  /** `experiment`: belongs to one of `ilium experiment` and changes with it. */
  readonly origin: 'runs' | 'experiment';
  readonly title: string;
  readonly createdAt: string;
  /** The first is what the others are compared with. */
  readonly methods: readonly { readonly label: string; readonly runs: readonly string[] }[];
  /** Ids of the cases compared on. */
  readonly cases: readonly string[];
}

export interface ComparisonsView {
  /** The newest first. */
  readonly comparisons: readonly ComparisonSummary[];
  /** Whether there is a Chromium that prints the PDF. */
  readonly canPrint: boolean;
}

export type ComparisonFile = 'comparison.html' | 'comparison.csv' | 'comparison.json' | 'comparison.pdf';
