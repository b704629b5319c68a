/** The report's section on phantoms: did the weights find the misalignment, and when. */
import { figure } from '../compare/figures.ts';
import { section, table, type Cell } from '../compare/report/html.ts';
import { lineChart, type Curve } from '../compare/report/lineChart.ts';
import { meanAndSd } from '../compare/statistics/meanAndSd.ts';
import type { WeightAlignment } from '../phantom/weightAlignment.ts';

export interface RunAlignment {
  readonly run: string;
  readonly epochs: readonly { readonly epoch: number; readonly alignment: WeightAlignment }[];
  /** Of weights averaged over the visits of the run's second half; null while the run is not finished. */
  readonly overall: { readonly all: WeightAlignment; readonly near: WeightAlignment } | null;
}

export interface MethodAlignment {
  readonly label: string;
  /** Of the comparison's columns. */
  readonly column: number;
  readonly runs: readonly RunAlignment[];
}

/** The section as HTML; empty where no method learns weights. */
export function alignmentSection(methods: readonly MethodAlignment[]): string {
  const shown = methods.filter(({ runs }) => runs.length > 0);
  if (shown.length === 0) return '';
  const chart = lineChart({
    title: 'AUC of “weight predicts alignment”, single steps',
    xName: 'epoch',
    curves: shown.map(curveOf),
    reference: { value: 0.5, text: 'chance' },
  });
  return section(
    'Did the weights find the misalignment?',
    [
      'A phantom knows which pixels of its CT are wrong (more than 100 HU from the truth). AUC: how often a right pixel weighs more than a wrong one; 0.5 is chance. Curves: the maps of single steps on the film’s slices after each epoch, along the abstract’s own direction and without memory whatever the run trains with, mean over runs, the band from the lowest to the highest run. Table: the run’s own weights averaged over the visits of the second half of a run, mean ± standard deviation over runs. Weights are relative to the average pixel of the whole slices, air outside the body included, but only pixels inside the body are shown: right and wrong ones may both lie above 1.',
    ],
    `<div style="max-width:760px">${chart}</div>${summary(shown)}`,
  );
}

function curveOf({ label, column, runs }: MethodAlignment): Curve {
  const epochs = [...new Set(runs.flatMap((run) => run.epochs.map(({ epoch }) => epoch)))].sort(
    (a, b) => a - b,
  );
  return {
    label,
    column,
    points: epochs.flatMap((epoch) => {
      const values = runs.flatMap(
        (run) => run.epochs.find((one) => one.epoch === epoch)?.alignment.auc ?? [],
      );
      const { mean } = meanAndSd(values);
      return mean === null ? [] : [{ x: epoch, mean, low: Math.min(...values), high: Math.max(...values) }];
    }),
  };
}

function summary(methods: readonly MethodAlignment[]): string {
  const number = (text: string): Cell => ({ text, isNumber: true });
  const over = (
    runs: readonly RunAlignment[],
    read: (one: NonNullable<RunAlignment['overall']>) => number | null,
  ): Cell => {
    const values = runs.flatMap(({ overall }) => (overall ? (read(overall) ?? []) : []));
    const { mean, sd } = meanAndSd(values);
    return number(sd === null ? figure(mean, 3) : `${figure(mean, 3)} ± ${figure(sd, 3)}`);
  };
  return table(
    'Weights averaged over visits',
    [
      { text: 'Method' },
      number('Runs'),
      number('AUC'),
      number('AUC near edges'),
      number('Mean weight, CT right'),
      number('Mean weight, CT wrong'),
      number('Positive u, right'),
      number('Positive u, wrong'),
    ],
    methods.map(({ label, runs }) => [
      { text: label },
      number(String(runs.filter(({ overall }) => overall).length)),
      over(runs, ({ all }) => all.auc),
      over(runs, ({ near }) => near.auc),
      over(runs, ({ all }) => all.right.meanWeight),
      over(runs, ({ all }) => all.wrong.meanWeight),
      over(runs, ({ all }) => all.right.positiveShare),
      over(runs, ({ all }) => all.wrong.positiveShare),
    ]),
  );
}
