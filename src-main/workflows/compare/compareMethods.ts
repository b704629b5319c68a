/**
 * Compares methods case by case. Several runs of a method (seeds, folds) are averaged per case first, so that a case counts once: its
 * seeds are no further patients. Every method is then paired with the first over the cases both have.
 */
import type {
  CaseScores,
  ComparedMethod,
  Comparison,
  MethodScores,
  MetricComparison,
  PairedDifference,
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
): Comparison {
  return {
    methods,
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
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { run, caseId, values } of scores) {
    const value = values[id] ?? null;
    if (!runs.includes(run) || value === null) continue;
    const { sum, count } = sums.get(caseId) ?? { sum: 0, count: 0 };
    sums.set(caseId, { sum: sum + value, count: count + 1 });
  }
  const byCase = Object.fromEntries([...sums].map(([caseId, { sum, count }]) => [caseId, sum / count]));
  return { label, ...meanAndSd(Object.values(byCase)), byCase };
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
