import { Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../shared/appError.ts';
import type { CommandSpec } from './command.ts';
import { deviceDescription, deviceFlags, parseDevice } from './deviceOption.ts';
import { wholeNumber } from './options.ts';
import { runJob } from './runJob.ts';

const optionsSchema = z.object({
  method: z.string().optional(),
  preset: z.string(),
  config: z.string().exactOptional(),
  epochs: z.number().exactOptional(),
  features: z.string().exactOptional(),
  device: z.string(),
  resume: z.string().exactOptional(),
});

/** Methods that train; the others of the design are listed and say that they are not there yet. */
const trainable = ['pgan', 'meta'];

const resultSchema = z.object({
  run: z.string(),
  folder: z.string(),
  device: z.string(),
  status: z.enum(['finished', 'stopped']),
  step: z.number(),
  totalSteps: z.number(),
  pixelHu: z.number().nullable(),
});

/** How the run ended and what to do with it next. */
function describeResult(data: Readonly<Record<string, unknown>>): string {
  const { run, folder, device, status, step, totalSteps, pixelHu } = resultSchema.parse(data);
  const error = pixelHu === null ? '' : `, last mean |sCT − CT| ${pixelHu.toFixed(1)} HU`;
  return [
    `Run ${run} ${status} at step ${step} of ${totalSteps} (${device})${error}.`,
    folder,
    status === 'finished'
      ? `Next: ilium export-model ${run} --out MODEL`
      : `Go on with: ilium train --resume ${run}`,
  ].join('\n');
}

/** `ilium train`: runs the job `train` and prints its result. */
export const trainCommand: CommandSpec = {
  name: 'train',
  description: 'train a model on the cohort of the workspace',
  configure: (command) =>
    command
      .addOption(
        new Option('--method <method>', 'training method').choices(['pgan', 'reg-pgan', 'ctx-pgan', 'meta']),
      )
      .addOption(
        new Option('--preset <preset>', 'size of the training').choices(['paper', 'quick']).default('paper'),
      )
      .option('--config <file>', 'JSON file with settings that differ from the preset')
      .option('--epochs <n>', 'number of epochs instead of the preset’s', wholeNumber(1))
      .addOption(new Option('--features <network>', 'network of feature losses').choices(['vgg19', 'random']))
      .option(deviceFlags, deviceDescription, parseDevice, 'auto')
      .option('--resume <run>', 'continue this training run'),
  async run(context, options) {
    const { method, resume, features, ...settings } = optionsSchema.parse(options);
    if (method === undefined && resume === undefined) {
      throw new AppError('BAD_USAGE', {
        problem: 'Name the training method with --method, or a run with --resume.',
      });
    }
    if (method !== undefined && !trainable.includes(method)) {
      throw new AppError('NOT_AVAILABLE_YET', { command: `train --method ${method}` });
    }
    // Feature losses belong to the methods that are not there yet: training without them must not look like training with them.
    if (features !== undefined) {
      throw new AppError('NOT_AVAILABLE_YET', { command: `train --features ${features}` });
    }
    return runJob(
      'train',
      {
        workspace: context.workspaceDirectory,
        ...settings,
        ...(method === undefined ? {} : { method }),
        ...(resume === undefined ? {} : { resume }),
      },
      context,
      describeResult,
    );
  },
};
