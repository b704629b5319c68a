import { Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../shared/appError.ts';
import { trainingMethods, type FeatureSource } from '../shared/trainingMethods.ts';
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

/** As users know them: what `vgg19` names are the installed weights, of VGG-16 where the loss is pGAN's. */
const featuresOf: Readonly<Record<string, FeatureSource>> = { vgg19: 'vgg', random: 'random', none: 'none' };

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
      .addOption(new Option('--method <method>', 'training method').choices(trainingMethods))
      .addOption(
        new Option('--preset <preset>', 'size of the training').choices(['paper', 'quick']).default('paper'),
      )
      .option('--config <file>', 'JSON file with settings that differ from the preset')
      .option('--epochs <n>', 'number of epochs instead of the preset’s', wholeNumber(1))
      .addOption(
        new Option('--features <network>', 'network of the feature losses instead of the preset’s').choices(
          Object.keys(featuresOf),
        ),
      )
      .option(deviceFlags, deviceDescription, parseDevice, 'auto')
      .option('--resume <run>', 'continue this training run'),
  async run(context, options) {
    const { method, resume, features, ...settings } = optionsSchema.parse(options);
    if (method === undefined && resume === undefined) {
      throw new AppError('BAD_USAGE', {
        problem: 'Name the training method with --method, or a run with --resume.',
      });
    }
    return runJob(
      'train',
      {
        workspace: context.workspaceDirectory,
        ...settings,
        ...(method === undefined ? {} : { method }),
        ...(features === undefined ? {} : { features: featuresOf[features] }),
        ...(resume === undefined ? {} : { resume }),
      },
      context,
      describeResult,
    );
  },
};
