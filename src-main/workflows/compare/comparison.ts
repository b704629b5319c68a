/** What a comparison says: plain data, written as `comparison.json` and shown as a page. */
import type { Interval } from './statistics/bootstrap.ts';
import type { MeanAndSd } from './statistics/meanAndSd.ts';
import type { WilcoxonResult } from './statistics/wilcoxon.ts';

/** The figures of one run on one case, by metric id. */
export interface CaseScores {
  readonly run: string;
  readonly caseId: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** What stands in one column: a run, or the runs of one method with different seeds or folds. */
export interface ComparedMethod {
  readonly label: string;
  readonly runs: readonly string[];
}

export interface MethodScores extends MeanAndSd {
  readonly label: string;
  /** By case: the mean over the method's runs that evaluated it, where all of them have a value. */
  readonly byCase: Readonly<Record<string, number>>;
  /** Cases left out of `byCase` because some runs that evaluated them have a value and others have none. */
  readonly incomplete: readonly string[];
  readonly trainings: TrainingSpread;
}

/** How far a method's mean moves from one training to another. */
export interface TrainingSpread {
  /** The most runs that evaluated one case. */
  readonly perCase: number;
  /** Cases of which every run has a value; none where folds test different ones. */
  readonly cases: number;
  /** Standard deviation of the runs' means over those cases; null without them or below two runs. */
  readonly sd: number | null;
}

/** One method against the first, over the cases both have. */
export interface PairedDifference {
  readonly label: string;
  readonly cases: number;
  /** This minus the first; of distances from 0 where 0 is best. */
  readonly mean: number | null;
  readonly interval: Interval | null;
  readonly test: WilcoxonResult | null;
  /** Holm's correction over the methods of this metric. */
  readonly correctedP: number | null;
}

export interface MetricComparison {
  readonly metricId: string;
  readonly methods: readonly MethodScores[];
  /** Of every method but the first. */
  readonly differences: readonly PairedDifference[];
}

export interface Comparison {
  readonly methods: readonly ComparedMethod[];
  readonly cases: readonly string[];
  readonly metrics: readonly MetricComparison[];
  /** Ids of metrics that look through weights which are not the published ones. */
  readonly unpublished: readonly string[];
}
