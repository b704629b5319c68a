import { Argument } from 'commander';
import { z } from 'zod';
import { installWeights } from '../services/weights/installWeights.ts';
import { listWeights, type ListedWeights } from '../services/weights/listWeights.ts';
import { weightsNames, weightsPackage } from '../services/weights/weightsCatalogue.ts';
import { weightsDirectory } from '../services/weights/weightsDirectory.ts';
import { isPublished, type WeightsRecord } from '../services/weights/weightsRecord.ts';
import { AppError } from '../shared/appError.ts';
import type { CommandSpec } from './command.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({ from: z.array(z.string()).optional() });
const argumentsSchema = z.tuple([z.enum(['list', 'install']), z.array(z.enum(weightsNames)).default([])]);

/** `ilium weights`: lists and installs the published weights that losses and metrics need. */
export const weightsCommand: CommandSpec = {
  name: 'weights',
  description: 'list the published network weights, or install them',
  configure: (command) =>
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['list', 'install']))
      .addArgument(new Argument('[names...]', 'which weights to install').choices([...weightsNames]))
      .option('--from <path...>', 'take local files (or the files of a folder) instead of downloading'),
  async run({ signal, onProgress }, options, args) {
    const { from } = optionsSchema.parse(options);
    const [action, names] = argumentsSchema.parse(args);
    const directory = weightsDirectory();
    if (action === 'list') {
      const weights = await listWeights(directory);
      return { data: { directory, weights }, text: describeList(weights, directory) };
    }
    if (names.length === 0)
      throw new AppError('BAD_USAGE', { problem: `Name what to install: ${weightsNames.join(', ')}.` });
    const installed: WeightsRecord[] = [];
    for (const name of names) {
      const weights = weightsPackage(name);
      installed.push(
        await installWeights(weights, { directory, signal, onProgress, ...(from ? { from } : {}) }),
      );
    }
    return { data: { directory, installed }, text: installed.map(describeRecord).join('\n') };
  },
};

function describeList(weights: readonly ListedWeights[], directory: string): string {
  const rows = weights.map(({ name, title, usedFor, licence, megabytes, record }) => [
    name,
    `${title} (${usedFor})`,
    licence,
    record
      ? `installed ${record.installedAt.slice(0, 10)}${isPublished(record) ? '' : ', not the published file'}`
      : `not installed: ilium weights install ${name} (${megabytes < 1 ? '< 1' : megabytes} MB)`,
  ]);
  return `${textTable(rows)}\nKept in ${directory}`;
}

function describeRecord(record: WeightsRecord): string {
  const { name, tensors, bytes, sources } = record;
  return [
    `${name}: ${tensors} tensors installed (${(bytes / 1e6).toFixed(1)} MB)`,
    ...sources.map(
      ({ from, sha256, published }) =>
        `  ${from}: SHA-256 ${sha256}, ${published ? 'as published' : 'which is not a published file; nothing vouches for it'}`,
    ),
  ].join('\n');
}
