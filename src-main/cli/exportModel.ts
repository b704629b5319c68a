import { z } from 'zod';
import type { CommandSpec } from './command.ts';
import { runJob } from './runJob.ts';

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
    ),
};
