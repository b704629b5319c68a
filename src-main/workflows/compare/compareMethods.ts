/**
 * Compares methods case by case. Several runs of a method (seeds, folds) are averaged per case first, so that a case counts once: its
 * seeds are no further patients. A case that one of its runs has no value of (no bone, no surface distance) has none: the mean of the
 * others would hide the failure. Every method is then paired with the first over the cases both have.
 */
import type {
  CaseScores,
  ComparedMethod,
  Comparison,
  MethodScores,
  MetricComparison,
  PairedDifference,
  TrainingSpread,
} from './comparison.ts';
import { metrics, type Metric } from './metricTable.ts';
import { bootstrapMean } from './statistics/bootstrap.ts';
import { holm } from './statistics/holm.ts';
import { meanAndSd } from './statistics/meanAndSd.ts';
import { wilcoxon } from './statistics/wilcoxon.ts';

/** The comparison of `methods`, the first being what the others are measured against; metrics that no run has are left out. */
export function compareMethods(
  methods: readonly ComparedMethod[],
  scores: readonly CaseScores[],
  unpublished: readonly string[] = [],
): Comparison {
  return {
    methods,
    unpublished,
    cases: [...new Set(scores.map(({ caseId }) => caseId))].sort((a, b) => a.localeCompare(b, 'en')),
    metrics: metrics
      .filter(({ id }) => scores.some(({ values }) => (values[id] ?? null) !== null))
      .map((metric) => compareMetric(metric, methods, scores)),
  };
}

function compareMetric(
  metric: Metric,
  methods: readonly ComparedMethod[],
  scores: readonly CaseScores[],
): MetricComparison {
  const all = methods.map((method) => scoresOf(metric, method, scores));
  const [first, ...others] = all;
  const pairs = first ? others.map((other) => pair(metric, first, other)) : [];
  const corrected = holm(pairs.map(({ test }) => test?.p ?? null));
  return {
    metricId: metric.id,
    methods: all,
    differences: pairs.map((one, at) => ({ ...one, correctedP: corrected[at] ?? null })),
  };
}

function scoresOf(
  { id }: Metric,
  { label, runs }: ComparedMethod,
  scores: readonly CaseScores[],
): MethodScores {
  const valuesOf = new Map<string, Map<string, number | null>>();
  for (const { run, caseId, values } of scores) {
    if (!runs.includes(run)) continue;
    const ofCase = valuesOf.get(caseId) ?? new Map<string, number | null>();
    valuesOf.set(caseId, ofCase.set(run, values[id] ?? null));
  }
  const byCase: Record<string, number> = {};
  const incomplete: string[] = [];
  for (const [caseId, ofCase] of valuesOf) {
    const present = [...ofCase.values()].filter((value) => value !== null);
    const { mean } = meanAndSd(present);
    if (mean !== null && present.length === ofCase.size) byCase[caseId] = mean;
    else if (mean !== null) incomplete.push(caseId);
  }
  return {
    label,
    ...meanAndSd(Object.values(byCase)),
    byCase,
    incomplete,
    trainings: trainingSpread([...valuesOf.values()]),
  };
}

/** `cases`: of each case its value by run. */
function trainingSpread(cases: readonly ReadonlyMap<string, number | null>[]): TrainingSpread {
  const runs = [...new Set(cases.flatMap((ofCase) => [...ofCase.keys()]))];
  const shared = cases.filter((ofCase) => runs.every((run) => typeof ofCase.get(run) === 'number'));
  const means = runs.flatMap((run) => meanAndSd(shared.map((ofCase) => ofCase.get(run) ?? 0)).mean ?? []);
  return {
    perCase: Math.max(0, ...cases.map(({ size }) => size)),
    cases: shared.length,
    sd: meanAndSd(means).sd,
  };
}

function pair(
  { better }: Metric,
  first: MethodScores,
  other: MethodScores,
): Omit<PairedDifference, 'correctedP'> {
  const amount = (value: number): number => (better === 'zero' ? Math.abs(value) : value);
  const differences = Object.entries(other.byCase).flatMap(([caseId, value]) => {
    const reference = first.byCase[caseId];
    return reference === undefined ? [] : [amount(value) - amount(reference)];
  });
  return {
    label: other.label,
    cases: differences.length,
    mean: meanAndSd(differences).mean,
    interval: bootstrapMean(differences),
    test: wilcoxon(differences),
  };
}
