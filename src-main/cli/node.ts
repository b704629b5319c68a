import { Argument } from 'commander';
import { z } from 'zod';
import { readNodeConfig } from '../services/node/nodeConfig.ts';
import { runNode } from '../services/node/runNode.ts';
import { requestOfSeries } from '../services/node/seriesRequests.ts';
import { listSeriesStates, type SeriesState } from '../services/node/seriesState.ts';
import { AppError } from '../shared/appError.ts';
import type { CommandContext, CommandResult, CommandSpec } from './command.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({ config: z.string().exactOptional() });
const argumentsSchema = z.tuple([
  z.enum(['run', 'status', 'retry', 'release']).default('run'),
  z.string().optional(),
]);

/** `ilium node`: receives MR series, makes sCTs and sends them, until it is stopped; shows and steers one that runs. */
export const nodeCommand: CommandSpec = {
  name: 'node',
  description: 'receive MR series, send back synthetic CTs; status, retry and release of series',
  configure: (command) =>
    command
      .addArgument(
        new Argument(
          '[action]',
          'run (default), status, retry a series, release one that is held or incomplete',
        ).choices(['run', 'status', 'retry', 'release']),
      )
      .argument('[series]', 'retry, release: the id that status shows')
      .option('--config <file>', 'run: receiver, rules and destinations (JSON)'),
  async run(context, options, args) {
    const { config: configPath } = optionsSchema.parse(options);
    const [action, seriesId] = argumentsSchema.parse(args);
    const { workspaceDirectory } = context;
    if (action === 'status') {
      const series = await listSeriesStates(workspaceDirectory);
      return { data: { series }, text: describeStates(series) };
    }
    if (action === 'run') {
      if (configPath === undefined) throw usage('A node needs --config FILE.');
      return run(configPath, context);
    }
    if (seriesId === undefined)
      throw usage(`Name the series to ${action}; \`ilium node status\` lists them.`);
    await requestOfSeries(workspaceDirectory, seriesId, action);
    return { data: { seriesId, action }, text: `The node will ${action} ${seriesId}.` };
  },
};

async function run(configPath: string, context: CommandContext): Promise<CommandResult> {
  const { json, print, onEvent, signal, workspaceDirectory } = context;
  const log = (message: string, seriesId?: string): void => {
    const event = {
      time: new Date().toISOString(),
      ...(seriesId === undefined ? {} : { seriesId }),
      message,
    };
    if (json) print(`${JSON.stringify(event)}\n`);
    const line = [event.time, seriesId, message].filter((part) => part !== undefined).join(' ');
    onEvent({ type: 'log', level: 'info', message: line });
  };
  const config = await readNodeConfig(configPath);
  const { aeTitle, host } = config.receiver;
  const onListening = (port: number): void => log(`${aeTitle} listens at ${host}:${port}`);
  await runNode({ config, configPath, workspaceDirectory, signal, log, onListening });
  return { data: { stopped: true }, text: 'Stopped.' };
}

function describeStates(states: readonly SeriesState[]): string {
  if (states.length === 0) return 'Nothing was received.';
  return textTable(
    states.map(({ seriesId, status, images, modelId, sentTo, attempts, nextAttemptAt, reason }) => [
      seriesId,
      status,
      `${images} images`,
      modelId ?? '',
      sentTo.length > 0 ? `sent to ${sentTo.join(', ')}` : '',
      reason ? reason.text : '',
      status === 'waiting' && nextAttemptAt ? `attempt ${attempts + 1} at ${nextAttemptAt}` : '',
    ]),
  );
}

const usage = (problem: string): AppError => new AppError('BAD_USAGE', { problem });
