/** What each run cost, and the commands that make it again. */
import { figure } from '../figures.ts';
import type { RunCost } from '../runCost.ts';
import { escapeHtml, table, type Cell } from './html.ts';

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

/** For each method the command of its first run and the settings that differ from the preset. */
export function reproduction(methods: readonly MethodCosts[]): string {
  const lines = methods.flatMap(({ label, runs: [first] }) => {
    if (!first) return [];
    const command = `ilium train --method ${first.method} --preset ${first.preset} --config settings.json`;
    return [`# ${label}; settings.json:\n${JSON.stringify(first.differences)}\n${command}`];
  });
  return `<pre>${escapeHtml(lines.join('\n\n'))}</pre>`;
}
