import { z } from 'zod';
import type { CommandSpec } from './command.ts';
import { describeRecord } from './describeRecord.ts';
import { runJob } from './runJob.ts';

/** The result, and below it what must be known of the model's method. */
function describeResult(data: Readonly<Record<string, unknown>>): string {
  const { notes } = z.object({ notes: z.array(z.string()).default([]) }).parse(data);
  return [describeRecord(data), ...notes].join('\n');
}

/** `ilium export-model`: runs the job `export-model` and prints its result. */
export const exportModelCommand: CommandSpec = {
  name: 'export-model',
  description: 'a trained run as ONNX file and card',
  configure: (command) =>
    command
      .argument('<run>', 'name of the training run in the workspace')
      .requiredOption('--out <dir>', 'new folder for the model'),
  run: (context, options, [run]) =>
    runJob(
      'export-model',
      {
        workspace: context.workspaceDirectory,
        run: z.string().parse(run),
        ...z.object({ out: z.string() }).parse(options),
      },
      context,
      describeResult,
    ),
};
