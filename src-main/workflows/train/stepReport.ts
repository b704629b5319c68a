/** What a step's results become in the log: HU, weight statistics, pace. */
import type { StepResult } from '../../learn/trainer.ts';
import type { TrainingConfig } from './trainingConfig.ts';
import type { StepLine } from './trainingLog.ts';

/** The log line of a step. */
export function stepLine(
  { pixel, adversarial, discriminator, parts, meta }: StepResult,
  { huWindow }: TrainingConfig,
  at: Pick<StepLine, 'step' | 'epoch' | 'learningRate' | 'seconds' | 'etaSeconds'>,
): StepLine {
  const huPerUnit = (huWindow.highHu - huWindow.lowHu) / 2;
  const { registration, ...others } = parts;
  return {
    type: 'step',
    ...at,
    pixelHu: pixel * huPerUnit,
    adversarial,
    discriminator,
    ...others,
    ...(registration !== undefined && { registrationHu: registration * huPerUnit }),
    ...(meta && { validationHu: meta.validation * huPerUnit, ...weightStatistics(meta) }),
    memoryMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

function weightStatistics({ u, w }: NonNullable<StepResult['meta']>): {
  positiveShare: number;
  effectiveShare: number;
} {
  let positive = 0;
  let squares = 0;
  for (let at = 0; at < u.length; at++) {
    if ((u[at] ?? 0) > 0) positive++;
    squares += (w[at] ?? 0) ** 2;
  }
  return { positiveShare: positive / u.length, effectiveShare: squares > 0 ? 1 / (squares * u.length) : 0 };
}

/** One line for people at the end of an epoch. */
export function epochMessage({ pixelHu, validationHu }: StepLine, epoch: number): string {
  const validation = validationHu === undefined ? '' : `, well-aligned cases ${validationHu.toFixed(1)} HU`;
  return `Epoch ${epoch}: mean |sCT − CT| ${pixelHu.toFixed(1)} HU${validation}`;
}

/** Time per step: the last one, and what is left judged by an exponential mean. */
export function createPace(): {
  add(seconds: number): void;
  estimate(left: number): { seconds: number; etaSeconds: number };
} {
  let last = 0;
  let mean: number | null = null;
  return {
    add(seconds) {
      last = seconds;
      mean = mean === null ? seconds : 0.9 * mean + 0.1 * seconds;
    },
    estimate: (left) => ({ seconds: last, etaSeconds: Math.round((mean ?? 0) * left) }),
  };
}
