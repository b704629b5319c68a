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
      const plan = await describePlan(request);
      return { data: plan, text: describeEstimate(plan) };
    }
    const outcome = await runExperiment(request, { signal, onEvent });
    return { data: outcome, text: describeOutcome(outcome) };
  },
};

function describeEstimate({ out, isCohortMade, runs }: ExperimentEstimate): string {
  const known = runs.flatMap(({ seconds }) => seconds ?? []);
  const unknown = runs.filter(({ seconds }) => seconds === null).length;
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
    `${runs.length} runs; training that is left: ${formatDuration(known.reduce((sum, one) => sum + one, 0))}${
      unknown > 0
        ? ` and ${unknown} runs of methods whose pace is not known before their first run has begun`
        : ''
    }.`,
    ...(isCohortMade ? [] : ['The phantoms are drawn first.']),
    out,
  ].join('\n');
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
