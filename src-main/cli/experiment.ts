import { z } from 'zod';
import { describePlan, type ExperimentEstimate } from '../services/experiment/describePlan.ts';
import { runExperiment, type ExperimentOutcome } from '../services/experiment/runExperiment.ts';
import { readExperiment } from '../workflows/experiment/experimentFile.ts';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';
import { formatDuration } from './progressDisplay.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({
  out: z.string().exactOptional(),
  dryRun: z.boolean().default(false),
  pdf: z.boolean().default(false),
  device: z.string(),
});

/** `ilium experiment`: methods × seeds × folds with one command, in the process of the command line; training has its own. */
export const experimentCommand: CommandSpec = {
  name: 'experiment',
  description: 'train methods × seeds × folds and compare them; the same command goes on',
  configure: (command) =>
    command
      .argument('<file>', 'JSON file: title, cohort, preset, base, methods, seeds, folds')
      .option('--out <dir>', 'folder of the experiment (default: named by its title in the workspace)')
      .option('--dry-run', 'say what would be done, and how long it may take')
      .option('--pdf', 'the report also as PDF, printed by Chromium')
      .option(deviceFlags, deviceDescription, parseDevice, 'auto'),
  async run({ workspaceDirectory, signal, onEvent }, options, [file]) {
    const { dryRun, device, pdf, out } = optionsSchema.parse(options);
    const request = {
      experiment: await readExperiment(z.string().parse(file)),
      workspaceDirectory,
      device,
      pdf,
      ...(out === undefined ? {} : { out }),
    };
    if (dryRun) {
      const { problems, ...plan } = await describePlan(request, signal);
      const [problem] = problems;
      return {
        data: { ...plan, problems: problems.map(({ code, message }) => ({ code, message })) },
        text: describeEstimate({ problems, ...plan }),
        ...(problem ? { problem } : {}),
      };
    }
    const outcome = await runExperiment(request, { signal, onEvent });
    return { data: outcome, text: describeOutcome(outcome) };
  },
};

function describeEstimate({ out, isCohortMade, problems, runs }: ExperimentEstimate): string {
  const duration = (seconds: number | null): string =>
    seconds === null ? 'not known' : formatDuration(seconds);
  return [
    textTable(
      [
        ['Run', 'Method', 'Seed', 'Fold', 'State', 'Steps', 'Left'],
        ...runs.map(({ run, label, seed, fold, status, step, totalSteps, seconds }) => [
          isCohortMade ? run : '(named when the cohort is made)',
          label,
          String(seed),
          fold === null ? '–' : String(fold + 1),
          status,
          step > 0 ? `${step} of ${totalSteps}` : String(totalSteps),
          duration(seconds),
        ]),
      ],
      [2, 3, 5, 6],
    ),
    '',
    timeLeft(runs),
    ...(isCohortMade ? [] : ['The phantoms are drawn first.']),
    out,
    ...(problems.length > 0
      ? ['', 'It cannot be run yet:', ...problems.map(({ message }) => `  ${message}`)]
      : []),
  ].join('\n');
}

/** How many runs there are, and how long those that are not finished take as far as finished steps tell. */
function timeLeft(runs: ExperimentEstimate['runs']): string {
  const left = runs.filter(({ status }) => status !== 'finished');
  const known = left.flatMap(({ seconds }) => seconds ?? []);
  const unknown = left.length - known.length;
  const parts = [
    ...(known.length > 0
      ? [`${formatDuration(known.reduce((sum, one) => sum + one, 0))} of training left`]
      : []),
    ...(unknown > 0
      ? [
          `how long ${known.length > 0 ? `${unknown} of them take` : 'training takes'} is not known before a first run of the method is through its warm-up`,
        ]
      : []),
  ];
  return `${[`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`, ...parts].join('; ')}${left.length === 0 ? ', all finished' : ''}.`;
}

function describeOutcome({ out, runs, failures, report, results }: ExperimentOutcome): string {
  return [
    `${runs.length} runs in ${out}.`,
    ...failures.map(({ run, message }) => `Failed: ${run ?? ''}: ${message}`),
    report.html,
    report.csv,
    report.json,
    ...(report.pdf === null ? [] : [report.pdf]),
    results,
  ].join('\n');
}
