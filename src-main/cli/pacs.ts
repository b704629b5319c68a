import { mkdir } from 'node:fs/promises';
import { Argument, Option } from 'commander';
import { z } from 'zod';
import { appendAudit } from '../services/audit/auditLog.ts';
import { hashOfFiles } from '../services/audit/hashOfFiles.ts';
import { collectFiles } from '../services/importer/collectFiles.ts';
import { openPacsClient } from '../services/pacs/openPacsClient.ts';
import type { PacsOptions } from '../services/pacs/pacsClient.ts';
import { aeTitleSchema, localEntitySchema } from '../services/pacs/pacsNode.ts';
import { sendAndNote } from '../services/pacs/sendAndNote.ts';
import { parseNode } from './parseNode.ts';
import { createNetworkSettings, type OpenedNode } from '../services/settings/networkSettings.ts';
import { ownSurroundings, userDataFolder } from '../services/workspace/userDataFolder.ts';
import { AppError } from '../shared/appError.ts';
import type { CommandContext, CommandResult, CommandSpec } from './command.ts';
import { describeRetrieve, describeSeries, describeStudies } from './describePacs.ts';
import { wholeNumber } from './options.ts';
import { runJob } from './runJob.ts';

const actions = ['nodes', 'echo', 'find', 'get', 'send'] as const;

const optionsSchema = z.object({
  patientName: z.string().exactOptional(),
  patientId: z.string().exactOptional(),
  accession: z.string().exactOptional(),
  modality: z.string().exactOptional(),
  from: z.iso.date().exactOptional(),
  to: z.iso.date().exactOptional(),
  limit: z.number().exactOptional(),
  study: z.string().exactOptional(),
  series: z.string().exactOptional(),
  out: z.string().exactOptional(),
  aet: aeTitleSchema.exactOptional(),
  port: z.number().exactOptional(),
  host: z.string().exactOptional(),
  retrieve: z.enum(['get', 'move']).exactOptional(),
});
type Options = z.infer<typeof optionsSchema>;

const argumentsSchema = z.tuple([z.enum(actions), z.string().optional(), z.array(z.string()).default([])]);

/** `ilium pacs`: asks nodes of the network, fetches from them and sends to them. */
export const pacsCommand: CommandSpec = {
  name: 'pacs',
  description: 'ask, fetch from and send to DICOM and DICOMweb nodes',
  configure: (command) =>
    command
      .addArgument(new Argument('<action>', 'what to do').choices([...actions]))
      .argument('[node]', 'a node of the settings, AETITLE@host:port, or the URL of a DICOMweb service')
      .argument('[paths...]', 'send: DICOM files and folders')
      .option('--patient-name <name>', 'find: * and ? stand for any characters')
      .option('--patient-id <id>', 'find')
      .option('--accession <number>', 'find')
      .option('--modality <modality>', 'find: MR, CT …')
      .option('--from <date>', 'find: study date from, YYYY-MM-DD')
      .option('--to <date>', 'find: study date to')
      .option('--limit <count>', 'find: at most so many studies', wholeNumber(1))
      .option('--study <uid>', 'find: the series of this study; get: the study to fetch')
      .option('--series <uid>', 'get: this series of the study alone')
      .option('--out <folder>', 'get: write files there instead of importing them')
      .option('--aet <title>', 'what we are called (default: as in the settings)')
      .option('--host <address>', 'get by C-MOVE: where our receiver listens')
      .option('--port <port>', 'get by C-MOVE: its port', wholeNumber(1))
      .addOption(new Option('--retrieve <way>', 'get: C-GET or C-MOVE').choices(['get', 'move'])),
  async run(context, given, args) {
    const parsed = optionsSchema.safeParse(given);
    if (!parsed.success) throw usage(z.prettifyError(parsed.error));
    const [action, name, paths] = argumentsSchema.parse(args);
    if (action === 'nodes') return listNodes(context);
    if (name === undefined) throw usage(`Name the node to ${action}.`);
    const opened = await openNode(name, parsed.data, context);
    return work[action](opened, parsed.data, paths, context);
  },
};

type Work = (
  opened: OpenedNode,
  options: Options,
  paths: readonly string[],
  context: CommandContext,
) => Promise<CommandResult>;

const work: Readonly<Record<Exclude<(typeof actions)[number], 'nodes'>, Work>> = {
  async echo({ node, local, secret }, _options, _paths, context) {
    const startedAt = performance.now();
    await (await openPacsClient(node, local, secret)).echo(progressOf(context));
    const milliseconds = Math.round(performance.now() - startedAt);
    return { data: { node: node.name, milliseconds }, text: `${node.name} answers (${milliseconds} ms).` };
  },

  async find({ node, local, secret }, options, _paths, context) {
    const client = await openPacsClient(node, local, secret);
    if (options.study !== undefined) {
      const series = await client.findSeries(options.study, progressOf(context));
      return { data: { node: node.name, series }, text: describeSeries(series) };
    }
    const { patientName, patientId, accession, modality, from, to, limit } = options;
    const { studies, truncated } = await client.findStudies(
      {
        ...(patientName === undefined ? {} : { patientName }),
        ...(patientId === undefined ? {} : { patientId }),
        ...(accession === undefined ? {} : { accessionNumber: accession }),
        ...(modality === undefined ? {} : { modality }),
        ...(from === undefined ? {} : { dateFrom: from }),
        ...(to === undefined ? {} : { dateTo: to }),
        ...(limit === undefined ? {} : { limit }),
      },
      progressOf(context),
    );
    return { data: { node: node.name, studies, truncated }, text: describeStudies(studies, truncated) };
  },

  async get(opened, { study, series, out }, _paths, context) {
    if (study === undefined) throw usage('Name the study to get: --study UID.');
    const target = {
      studyInstanceUid: study,
      ...(series === undefined ? {} : { seriesInstanceUid: series }),
    };
    if (out !== undefined) {
      const { node, local, secret } = opened;
      await mkdir(out, { recursive: true });
      const client = await openPacsClient(node, local, secret);
      const files = await client.retrieve(target, out, progressOf(context));
      await appendAudit(
        { directory: context.workspaceDirectory },
        { action: 'receive', subject: '', details: { node: node.name, files, studies: 1 } },
      );
      return { data: { node: node.name, files, out }, text: `${files} files in ${out}.` };
    }
    return runJob(
      'retrieve',
      { ...opened, workspace: context.workspaceDirectory, targets: [target] },
      context,
      describeRetrieve,
    );
  },

  async send({ node, local, secret }, _options, paths, context) {
    if (paths.length === 0) throw usage('Name the files or folders to send.');
    const { files, problems } = await collectFiles(paths);
    const [problem] = problems;
    if (problem) throw problem.error;
    const client = await openPacsClient(node, local, secret);
    const entry = { subject: '', outputs: { files: await hashOfFiles(files) } };
    const workspace = { directory: context.workspaceDirectory };
    await sendAndNote({ node: node.name, client, files, workspace, entry }, progressOf(context));
    const data = { node: node.name, files: files.length };
    return { data, text: `${files.length} files sent to ${node.name}, each acknowledged.` };
  },
};

async function listNodes({ workspaceDirectory }: CommandContext): Promise<CommandResult> {
  const { local, nodes } = await settingsOf(workspaceDirectory).view();
  const lines = nodes.map(({ node }) =>
    node.kind === 'dimse'
      ? `${node.name}: ${node.aeTitle}@${node.host}:${node.port}`
      : `${node.name}: ${node.url}`,
  );
  return { data: { local, nodes }, text: [`We are ${local.aeTitle}.`, ...lines].join('\n') };
}

const settingsOf = (workspaceDirectory: string): ReturnType<typeof createNetworkSettings> =>
  createNetworkSettings(workspaceDirectory, userDataFolder(ownSurroundings()));

async function openNode(
  name: string,
  { aet, host, port, retrieve }: Options,
  { workspaceDirectory }: CommandContext,
): Promise<OpenedNode> {
  const settings = settingsOf(workspaceDirectory);
  const spelled = parseNode(name, process.env['ILIUM_PACS_SECRET'] ?? '');
  const opened = spelled
    ? { ...spelled, local: localEntitySchema.parse((await settings.view()).local) }
    : await settings.open(name);
  const { node, local, secret } = opened;
  return {
    secret,
    node: node.kind === 'dimse' && retrieve !== undefined ? { ...node, retrieve } : node,
    local: { aeTitle: aet ?? local.aeTitle, host: host ?? local.host, port: port ?? local.port },
  };
}

const progressOf = ({ signal, onProgress }: CommandContext): PacsOptions => ({ signal, onProgress });

const usage = (problem: string): AppError => new AppError('BAD_USAGE', { problem });
