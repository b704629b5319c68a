/** What each run cost. */
import { figure } from '../figures.ts';
import type { RunCost } from '../runCost.ts';
import { table, type Cell } from './html.ts';

export interface MethodCosts {
  readonly label: string;
  readonly runs: readonly RunCost[];
}

const number = (text: string): Cell => ({ text, isNumber: true });

const featureWords: Readonly<Record<string, string>> = {
  none: 'none: no feature loss',
  random: 'random weights, not trained',
  vgg: 'ImageNet weights',
};

/** Steps of one run do the same work: where the median is so many times the fast ones, something else was computing. */
const busyRatio = 1.5;

function isBusy({ secondsPerStep, fastSecondsPerStep }: RunCost): boolean {
  return secondsPerStep !== null && secondsPerStep > busyRatio * (fastSecondsPerStep ?? secondsPerStep);
}

/** A row for each run. */
export function costTable(methods: readonly MethodCosts[]): string {
  const rows = methods.flatMap(({ label, runs }) =>
    runs.map((cost): Cell[] => [
      { text: label, notes: [cost.run] },
      number(String(cost.seed)),
      number(cost.steps < cost.totalSteps ? `${cost.steps} of ${cost.totalSteps}` : String(cost.steps)),
      number(figure(cost.fastSecondsPerStep, 3)),
      { ...number(figure(cost.secondsPerStep, 3)), notes: isBusy(cost) ? ['machine was busy'] : [] },
      number(figure(cost.seconds / 60, 1)),
      number(figure(cost.peakMemoryMiB, 0)),
      number(`${cost.cases.train} + ${cost.cases.meta}`),
      { text: featureWords[cost.features] ?? cost.features },
      { text: cost.dataFingerprint.slice(0, 12) },
    ]),
  );
  return table(
    `Wall clock of this machine. Seconds per step after the warm-up: fast is the 5th percentile, the steps that other work disturbed least: compare methods by it. Where the median is more than ${busyRatio} times that, something else was computing, and median and minutes say little of the method. Memory: the most the training process held after a step.`,
    [
      { text: 'Run' },
      number('Seed'),
      number('Steps'),
      number('s per step, fast'),
      number('s per step, median'),
      number('Minutes, all steps'),
      number('Memory, MiB'),
      number('Cases, train + meta'),
      { text: 'Feature network' },
      { text: 'Data' },
    ],
    rows,
  );
}
