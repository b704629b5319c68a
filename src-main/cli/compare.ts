import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { compareFailureSchema, failureText } from '../services/compare/compareFailure.ts';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';
import { runJob } from './runJob.ts';

const optionsSchema = z.object({
  case: z.array(z.string()).default([]),
  out: z.string().exactOptional(),
  pdf: z.boolean().default(false),
  slices: z.array(z.number()).exactOptional(),
  device: z.string(),
});

const resultSchema = z.object({
  runs: z.array(z.string()),
  cases: z.array(z.string()),
  html: z.string(),
  csv: z.string(),
  json: z.string(),
  pdf: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  failures: z.array(compareFailureSchema),
  seconds: z.record(z.string(), z.number()),
});

/** `ilium compare`: runs on the test cases, with paired tests and pictures. */
export const compareCommand: CommandSpec = {
  name: 'compare',
  description: 'compare training runs on the test cases: paired tests, pictures, report',
  configure: (command) =>
    command
      .argument('<runs...>', 'names of runs; the first is what the others are compared with')
      .option('--case <ids...>', 'these cases instead of those with the role test')
      .option('--out <dir>', 'folder of the report (default: a new one among the exports)')
      .option('--pdf', 'also as PDF, printed by Chromium')
      .option('--slices <numbers>', 'slices to show, from 1 at the feet, such as 12,20,31', sliceNumbers)
      .option(deviceFlags, deviceDescription, parseDevice, 'auto'),
  run(context, options, [runs]) {
    const { case: cases, ...rest } = optionsSchema.parse(options);
    return runJob(
      'compare',
      { workspace: context.workspaceDirectory, runs: z.array(z.string()).parse(runs), cases, ...rest },
      context,
      describeResult,
    );
  },
};

function sliceNumbers(text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((one) => Number.isSafeInteger(one) && one >= 1))
    throw new InvalidArgumentError('Give whole numbers with commas between them, such as 12,20,31.');
  return numbers;
}

function describeResult(data: Readonly<Record<string, unknown>>): string {
  const { runs, cases, html, csv, json, pdf, counts, failures, seconds } = resultSchema.parse(data);
  const took = (name: string): string => `${(seconds[name] ?? 0).toFixed(1)} s`;
  return [
    `${runs.length} runs on ${cases.length} cases.`,
    `sCTs: ${counts['sctsMade'] ?? 0} made, ${counts['sctsReused'] ?? 0} found (${took('synthesize')}); figures: ${counts['evaluated'] ?? 0} computed, ${counts['evaluationsReused'] ?? 0} found (${took('evaluate')}); report ${took('report')}.`,
    ...failures.map((one) => `Failed: ${failureText(one)}`),
    html,
    csv,
    json,
    ...(pdf === null ? [] : [pdf]),
  ].join('\n');
}
