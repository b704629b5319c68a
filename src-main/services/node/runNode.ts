/**
 * `ilium node`: receives MR series, waits until each is whole, makes sCTs by the model its rule names, sends them where the rule says. One
 * series is worked on at a time; receiving goes on meanwhile. Everything it knows is on the disk (`seriesState.ts`).
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readSeriesIdentity } from '../../formats/dicom/seriesIdentity.ts';
import { AppError } from '../../shared/appError.ts';
import { sweepPartials } from '../../workflows/files/temporaryName.ts';
import { holdLock } from '../files/holdLock.ts';
import { resourcesDirectory } from '../files/resourcesDirectory.ts';
import { createModelLibrary } from '../models/modelLibrary.ts';
import { openReceiver } from '../pacs/dimse/receiver.ts';
import { openPacsClient } from '../pacs/openPacsClient.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { advanceSeries } from './advanceSeries.ts';
import { chooseRule } from './chooseRule.ts';
import { completeness } from './completeness.ts';
import { readPeerSecret, type NodeConfig, type NodePeer } from './nodeConfig.ts';
import { countReceived, createSeriesInbox } from './seriesInbox.ts';
import { nodeDirectory, receivedDirectory, type SeriesState } from './seriesState.ts';
import { takeRequests, type SeriesRequest } from './seriesRequests.ts';
import { openSeriesStore } from './seriesStore.ts';

export interface NodeOptions {
  readonly config: NodeConfig;
  /** Where the configuration is: files it names lie beside it. */
  readonly configPath: string;
  readonly workspaceDirectory: string;
  /** Ends the node in order. */
  readonly signal: AbortSignal;
  /** One line for people; `seriesId` where it is about one series. No patient is named. */
  readonly log: (message: string, seriesId?: string) => void;
  /** Told once, when it can be sent to. */
  readonly onListening: (port: number) => void;
}

const pauseMs = 500;

/**
 * Runs until `signal` is aborted. Throws CONFIG_INVALID, MODEL_NOT_FOUND, RECEIVER_FAILED, JOB_BUSY (another node works in this workspace)
 * and what the workspace throws.
 */
export async function runNode(options: NodeOptions): Promise<void> {
  const { config, configPath, signal, log } = options;
  const workspace = await openWorkspace(options.workspaceDirectory);
  const { directory } = workspace;
  const models = createModelLibrary({
    workspace: workspace.modelsDirectory,
    bundled: resourcesDirectory('models'),
  });
  for (const { model } of config.rules) await models.pathOf(model);
  const secretOf = (peer: NodePeer): Promise<string> => readPeerSecret(peer, configPath);
  for (const peer of config.destinations) await secretOf(peer);

  const incoming = join(nodeDirectory(directory), 'incoming');
  await mkdir(incoming, { recursive: true });
  const release = await holdLock(join(nodeDirectory(directory), 'node.lock'), {
    subject: 'node',
    patienceMs: 2000,
    pauseMs: 50,
  });
  try {
    await sweepPartials(incoming);
    const store = await openSeriesStore(directory);
    const inbox = createSeriesInbox(store);
    const receiver = await openReceiver({
      ...config.receiver,
      sink: { folder: incoming, take: (instance) => inbox.take(instance) },
    });
    const asked = createCountAsker(config, secretOf);

    const followRequests = async (): Promise<void> => {
      for (const { seriesId, request } of await takeRequests(directory)) {
        await store.change(seriesId, (now) => now && afterRequest(now, request));
        log(request === 'retry' ? 'is tried again' : 'is released', seriesId);
      }
    };
    const settle = async (state: SeriesState): Promise<void> => {
      const { seriesId } = state;
      const { lastAt, expected: announced } = inbox.arrivals(seriesId);
      const quietSeconds = (Date.now() - lastAt) / 1000;
      if (quietSeconds < config.completeness.quietSeconds) return;
      const images = await countReceived(directory, seriesId);
      const expected = announced ?? (await asked(state, signal));
      const verdict = completeness({ images, expected, quietSeconds }, config.completeness);
      if (verdict === 'coming') return;
      if (verdict === 'incomplete') {
        const text = `${images} of ${expected ?? 0} images have come.`;
        log(`failed: ${text}`, seriesId);
        await store.update(state, { status: 'failed', images, reason: { code: 'SERIES_INCOMPLETE', text } });
        return;
      }
      const [rule, from] = [await ruleOf(config, directory, state), state.caller];
      if (!rule) {
        log(`${images} images from ${from}: no rule is for them`, seriesId);
        await store.change(seriesId, async (now) => {
          if (now?.round !== state.round) return undefined;
          await rm(receivedDirectory(directory, seriesId), { recursive: true, force: true });
          return { ...now, status: 'ignored', images };
        });
        return;
      }
      log(`${images} images from ${from}, for ${rule.model}`, seriesId);
      const destinations = rule.destinations ?? config.destinations.map(({ name }) => name);
      await store.update(state, { status: 'waiting', images, modelId: rule.model, destinations });
    };

    try {
      options.onListening(receiver.port);
      while (!signal.aborted) {
        await followRequests();
        for (const state of store.list()) if (state.status === 'receiving') await settle(state);
        const due = store.list().find(isDue);
        if (due) {
          const logOf = (seriesId: string, message: string): void => log(message, seriesId);
          await advanceSeries(due, { config, workspace, models, store, secretOf, signal, log: logOf });
        } else {
          await pause(pauseMs, undefined, { signal }).catch(() => undefined);
        }
      }
    } finally {
      await receiver.close();
    }
  } finally {
    await release();
  }
}

function isDue({ status, nextAttemptAt }: SeriesState): boolean {
  return status === 'waiting' && (nextAttemptAt === undefined || Date.parse(nextAttemptAt) <= Date.now());
}

/** What was held or has failed goes on where it was; what the gate has stopped is judged again. */
function afterRequest(state: SeriesState, request: SeriesRequest): SeriesState | undefined {
  const { nextAttemptAt: _next, reason: _reason, ...rest } = state;
  if (request === 'release') {
    return state.status === 'held' ? { ...rest, status: 'waiting', released: true, attempts: 0 } : undefined;
  }
  const isOver = state.status === 'done' || state.status === 'ignored' || state.status === 'receiving';
  if (isOver) return undefined;
  // A series that never was complete has no model yet.
  return { ...rest, status: state.modelId === undefined ? 'receiving' : 'waiting', attempts: 0 };
}

async function ruleOf(
  { rules }: NodeConfig,
  directory: string,
  { seriesId, caller }: SeriesState,
): Promise<NodeConfig['rules'][number] | undefined> {
  const folder = receivedDirectory(directory, seriesId);
  const first = (await readdir(folder)).find((name) => name.endsWith('.dcm'));
  if (first === undefined) return undefined;
  const { modality, seriesDescription } = readSeriesIdentity(await readFile(join(folder, first)), first);
  return chooseRule(rules, { modality, description: seriesDescription, caller });
}

/** Asks the source how many images a series has, now and then; a source that does not answer is one that does not know. */
function createCountAsker(
  { source, receiver, completeness: { quietSeconds } }: NodeConfig,
  secretOf: (peer: NodePeer) => Promise<string>,
): (state: SeriesState, signal: AbortSignal) => Promise<number | null> {
  const told = new Map<string, { readonly at: number; readonly count: number | null }>();
  const ask = async (
    peer: NodePeer,
    { studyInstanceUid, seriesInstanceUid }: SeriesState,
    signal: AbortSignal,
  ): Promise<number | null> => {
    const { aeTitle, port, host } = receiver;
    try {
      const client = await openPacsClient(peer, { aeTitle, port, host }, await secretOf(peer));
      const series = await client.findSeries(studyInstanceUid, { signal });
      return series.find((one) => one.seriesInstanceUid === seriesInstanceUid)?.instances ?? null;
    } catch (error) {
      if (error instanceof AppError || signal.aborted) return null;
      throw error;
    }
  };
  return async (state, signal) => {
    if (!source) return null;
    const known = told.get(state.seriesId);
    if (known && Date.now() - known.at < 1000 * quietSeconds) return known.count;
    const count = await ask(source, state, signal);
    told.set(state.seriesId, { at: Date.now(), count });
    return count;
  };
}
