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
};

function featureCell({ features, networks }: RunCost): Cell {
  if (features !== 'vgg') return { text: featureWords[features] ?? features };
  if (!networks) return { text: 'installed weights; which is not on record' };
  const others = networks.filter(({ published }) => !published);
  if (others.length === 0) return { text: 'published ImageNet weights' };
  const notes = others.map(({ network, sha256 }) => `${network}, SHA-256 ${sha256.slice(0, 12)}…`);
  return { text: 'weights that are not the published ones', notes };
}

/** Steps of one phase of a run do the same work: what takes so many times the fast ones was disturbed. */
const busyRatio = 1.5;

/** A row for each run. */
export function costTable(methods: readonly MethodCosts[]): string {
  const rows = methods.flatMap(({ label, runs }) =>
    runs.map((cost): Cell[] => [
      { text: label, notes: [cost.run] },
      featureCell(cost),
      { text: cost.dataFingerprint.slice(0, 12) },
      number(`${cost.cases.train} + ${cost.cases.meta}`),
      number(String(cost.seed)),
      stepsCell(cost),
      number(figure(cost.fastSecondsPerStep, 3)),
      clock(cost.secondsPerStep, cost.fastSecondsPerStep, (seconds) => figure(seconds, 3)),
      clock(cost.seconds, cost.fastSeconds, (seconds) => figure(seconds / 60, 1)),
      number(figure(cost.peakMemoryMiB, 0)),
    ]),
  );
  return table(
    `Wall clock of this machine. Weights act after the warm-up, features and registration too unless warmupParts is on. Seconds per step are those after the warm-up; fast is the 5th percentile, the steps that other work disturbed least: compare methods by it. Where a time is more than ${busyRatio} times what the fast steps give, something else was computing, and it says little of the method. Memory: the most the training process held after a step.`,
    [
      { text: 'Run' },
      { text: 'Feature network' },
      { text: 'Data' },
      number('Cases, train + meta'),
      number('Seed'),
      number('Steps'),
      number('s per step, fast'),
      number('s per step, median'),
      number('Minutes, all steps'),
      number('Memory, MiB'),
    ],
    rows,
  );
}

function stepsCell({ steps, totalSteps, warmupSteps }: RunCost): Cell {
  return {
    ...number(steps < totalSteps ? `${steps} of ${totalSteps}` : String(steps)),
    notes: warmupSteps > 0 ? [`warm-up ${Math.min(steps, warmupSteps)}`] : [],
  };
}

function clock(
  seconds: number | null,
  fastSeconds: number | null,
  format: (seconds: number) => string,
): Cell {
  if (seconds === null || fastSeconds === null) return number(figure(null, 0));
  const isBusy = seconds > busyRatio * fastSeconds;
  return { ...number(format(seconds)), notes: isBusy ? [`machine busy; else ${format(fastSeconds)}`] : [] };
}
