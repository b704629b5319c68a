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

/** A row for each run. */
export function costTable(methods: readonly MethodCosts[]): string {
  const rows = methods.flatMap(({ label, runs }) =>
    runs.map((cost): Cell[] => [
      { text: label, notes: [cost.run] },
      number(String(cost.seed)),
      number(cost.steps < cost.totalSteps ? `${cost.steps} of ${cost.totalSteps}` : String(cost.steps)),
      number(figure(cost.secondsPerStep, 3)),
      number(figure(cost.seconds / 60, 1)),
      number(figure(cost.peakMemoryMiB, 0)),
      number(`${cost.cases.train} + ${cost.cases.meta}`),
      { text: featureWords[cost.features] ?? cost.features },
      { text: cost.dataFingerprint.slice(0, 12) },
    ]),
  );
  return table(
    'Seconds per step: median over the steps after the warm-up. Memory: the most the training process held after a step.',
    [
      { text: 'Run' },
      number('Seed'),
      number('Steps'),
      number('s per step'),
      number('Minutes'),
      number('Memory, MiB'),
      number('Cases, train + meta'),
      { text: 'Feature network' },
      { text: 'Data' },
    ],
    rows,
  );
}
