/** What a run cost and how to make it again, from its record and log. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { fileExists } from '../files/fileExists.ts';
import { readRecord } from '../files/record.ts';
import { runRecordSchema, type RunPaths } from '../train/runFolder.ts';
import { slicesOf } from '../train/sampling.ts';
import { stepPlan } from '../train/stepPlan.ts';
import { trainedRoles } from '../train/trainingRoles.ts';
import { presets } from '../train/trainingConfig.ts';
import type { UsedNetwork } from '../train/usedNetwork.ts';

export interface RunCost {
  readonly run: string;
  readonly method: string;
  readonly preset: string;
  readonly seed: number;
  readonly steps: number;
  readonly totalSteps: number;
  /** Those of the warm-up, before pixels are weighted. */
  readonly warmupSteps: number;
  /** Wall clock, median over the steps after the warm-up, where every part of the method is at work; null before the first. */
  readonly secondsPerStep: number | null;
  /** 5th percentile of the same: the steps that other work on the machine disturbed least. */
  readonly fastSecondsPerStep: number | null;
  /** Wall clock, median over the warm-up's; null where none was logged. */
  readonly warmupSecondsPerStep: number | null;
  /** Wall clock of all steps together. */
  readonly seconds: number;
  /** The same, had every step been as fast as the 5th percentile of its phase, warm-up or not. */
  readonly fastSeconds: number;
  /** The largest that was seen after a step. */
  readonly peakMemoryMiB: number | null;
  /** What feature losses are computed with: the configuration's own word. */
  readonly features: string;
  /** The installed networks among them; null where the run has none on record. */
  readonly networks: readonly UsedNetwork[] | null;
  readonly cases: { readonly train: number; readonly meta: number };
  readonly dataFingerprint: string;
  /** Settings that differ from the preset. */
  readonly differences: Readonly<Record<string, unknown>>;
}

const stepSchema = z.object({
  type: z.literal('step'),
  step: z.number(),
  seconds: z.number(),
  memoryMiB: z.number(),
});

/** Reads a run. Throws RECORD_INVALID. */
export async function runCost({ record, log }: RunPaths): Promise<RunCost> {
  const {
    runId,
    config,
    cases,
    dataFingerprint,
    networks = null,
  } = await readRecord(record, runRecordSchema);
  const slices = trainedRoles(config).flatMap((role) => slicesOf(cases[role])).length;
  const plan = stepPlan(config, slices);
  const lines = (await fileExists(log)) ? (await readFile(log, 'utf8')).split('\n').flatMap(parseStep) : [];
  const warmup = paceOf(lines.filter(({ step }) => step <= plan.warmupSteps));
  const own = paceOf(lines.filter(({ step }) => step > plan.warmupSteps));
  return {
    run: runId,
    method: config.method,
    preset: config.preset,
    seed: config.seed,
    steps: lines.at(-1)?.step ?? 0,
    totalSteps: plan.totalSteps,
    warmupSteps: plan.warmupSteps,
    secondsPerStep: own.median,
    fastSecondsPerStep: own.fast,
    warmupSecondsPerStep: warmup.median,
    seconds: lines.reduce((sum, { seconds }) => sum + seconds, 0),
    fastSeconds: warmup.fastSum + own.fastSum,
    peakMemoryMiB: lines.length > 0 ? lines.reduce((most, one) => Math.max(most, one.memoryMiB), 0) : null,
    features: config.features,
    networks,
    cases: { train: cases.train.length, meta: cases.meta.length },
    dataFingerprint,
    differences: differencesFrom(presets[config.preset] ?? {}, config),
  };
}

/** Median and 5th percentile of the steps' wall clock, s (null without steps), and what all would take at the latter. */
function paceOf(steps: readonly { readonly seconds: number }[]): {
  readonly median: number | null;
  readonly fast: number | null;
  readonly fastSum: number;
} {
  const [median = null, fast = null] = percentiles(
    steps.map(({ seconds }) => seconds),
    [50, 5],
  );
  return { median, fast, fastSum: (fast ?? 0) * steps.length };
}

function parseStep(line: string): z.infer<typeof stepSchema>[] {
  try {
    return [stepSchema.parse(JSON.parse(line))];
  } catch {
    return []; // another kind of line, or a part of one
  }
}

/** Method and preset have options of their own. */
const notSettings = ['method', 'preset'];

function differencesFrom(preset: object, config: object): Record<string, unknown> {
  const base = new Map<string, unknown>(Object.entries(preset));
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) =>
        !notSettings.includes(name) && JSON.stringify(value) !== JSON.stringify(base.get(name)),
    ),
  );
}
