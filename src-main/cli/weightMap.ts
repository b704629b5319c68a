import { Option } from 'commander';
import { z } from 'zod';
import type { CommandSpec } from './command.ts';
import { deviceFlags } from './deviceOption.ts';
import { runJob } from './runJob.ts';

const optionsSchema = z.object({
  generator: z.string(),
  batch: z.string(),
  out: z.string(),
  device: z.string(),
  executor: z.string(),
});

/** `ilium weight-map`: runs the job `weight-map` and prints its result. */
export const weightMapCommand: CommandSpec = {
  name: 'weight-map',
  description: 'one meta step’s raw and normalised map for given weights and tensors',
  configure: (command) =>
    command
      .requiredOption('--generator <file>', 'generator weights (safetensors)')
      .requiredOption('--batch <file>', 'tensors x, y, xv, yv [n,1,h,w] (safetensors)')
      .requiredOption('--out <file>', 'file for u, w and validationLoss (safetensors)')
      .option(deviceFlags, 'where to compute; the names depend on the executor', 'auto')
      .addOption(
        new Option('--executor <name>', 'what runs the graph').choices(['onnx', 'tfjs']).default('onnx'),
      ),
  run: (context, options) => runJob('weight-map', optionsSchema.parse(options), context),
};
