/**
 * `ilium node`: receives MR series, waits until each is whole, makes sCTs by the model its rule names, sends them where the rule says. One
 * series is worked on at a time; receiving goes on meanwhile. Everything it knows is on the disk (`seriesState.ts`).
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { holdLock } from '../files/holdLock.ts';
import { resourcesDirectory } from '../files/resourcesDirectory.ts';
import { createModelLibrary } from '../models/modelLibrary.ts';
import { openReceiver } from '../pacs/dimse/receiver.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { advanceSeries } from './advanceSeries.ts';
import { createCountAsker } from './countAsker.ts';
import { readPeerSecret, type NodeConfig, type NodePeer } from './nodeConfig.ts';
import { createSeriesInbox } from './seriesInbox.ts';
import { nodeDirectory, receivedDirectory, type SeriesState } from './seriesState.ts';
import { afterRequest, closeRequest, listRequests } from './seriesRequests.ts';
import { openSeriesStore } from './seriesStore.ts';
import { createSetbacks } from './setbacks.ts';
import { settleSeries } from './settleSeries.ts';

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
const dayMs = 86_400_000;
const tidyEveryMs = 3_600_000;

/**
 * Runs until `signal` is aborted. Throws NODE_CONFIG_INVALID, MODEL_NOT_FOUND, RECEIVER_FAILED, JOB_BUSY and LOCKED_ELSEWHERE
 * (another node works in this workspace) and what the workspace throws.
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

  await mkdir(nodeDirectory(directory), { recursive: true });
  const release = await holdLock(join(nodeDirectory(directory), 'node.lock'), {
    subject: 'node',
    patienceMs: 2000,
    pauseMs: 50,
  });
  try {
    // Whatever lies there is of a node that was killed: it was never acknowledged.
    const incoming = join(nodeDirectory(directory), 'incoming');
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming);
    const store = await openSeriesStore(directory);
    const inbox = createSeriesInbox(store);
    const receiver = await openReceiver({
      ...config.receiver,
      sink: { folder: incoming, take: (instance) => inbox.take(instance) },
    });
    const setbacks = createSetbacks(config.retry);
    const askCount = createCountAsker(config, secretOf);
    const logOf = (seriesId: string, message: string): void => log(message, seriesId);

    /** What fails here is no end of the node: it rests, and all else goes on. */
    const attempt = async (work: () => Promise<void>, seriesId = ''): Promise<void> => {
      if (setbacks.isResting(seriesId)) return;
      try {
        await work();
        setbacks.clear(seriesId);
      } catch (error) {
        if (signal.aborted) return;
        const seconds = Math.round(setbacks.add(seriesId));
        // Only our own words are known to name nobody.
        const words =
          error instanceof AppError ? error.message : (systemCode(error) ?? 'an error of the program');
        log(`something went wrong (${words}); it is tried again in ${seconds} s`, seriesId || undefined);
      }
    };
    const followRequests = async (): Promise<void> => {
      for (const asked of await listRequests(directory)) {
        const { seriesId, request } = asked;
        const changed = await store.change(seriesId, (now) => now && afterRequest(now, request));
        await closeRequest(directory, asked);
        if (!changed) continue;
        inbox.renew(seriesId);
        setbacks.clear(seriesId);
        log(request === 'retry' ? 'is tried again' : 'is released', seriesId);
      }
    };
    const tidyUp = async (state: SeriesState): Promise<void> => {
      const { seriesId, changedAt } = state;
      if (Date.now() - Date.parse(changedAt) > config.keepDays * dayMs) {
        await store.forget(state);
        inbox.forget(seriesId);
        return;
      }
      // A node that was killed may have left something.
      await store.change(seriesId, async (now) => {
        if (now?.changedAt === changedAt)
          await rm(receivedDirectory(directory, seriesId), { recursive: true, force: true });
        return undefined;
      });
    };
    let tidiedAt = 0;

    try {
      options.onListening(receiver.port);
      while (!signal.aborted) {
        await attempt(followRequests);
        for (const state of store.list())
          if (state.status === 'receiving') {
            const context = { config, store, inbox, askCount, signal, log };
            await attempt(() => settleSeries(state, context), state.seriesId);
          }
        if (Date.now() - tidiedAt > tidyEveryMs) {
          for (const state of store.list())
            if (isOver(state)) await attempt(() => tidyUp(state), state.seriesId);
          tidiedAt = Date.now();
        }
        const due = store.list().find((state) => isDue(state) && !setbacks.isResting(state.seriesId));
        if (due) {
          const context = { config, workspace, models, store, secretOf, signal, log: logOf };
          await attempt(() => advanceSeries(due, context), due.seriesId);
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

const isOver = ({ status }: SeriesState): boolean => status === 'done' || status === 'ignored';

function isDue({ status, nextAttemptAt }: SeriesState): boolean {
  return status === 'waiting' && (nextAttemptAt === undefined || Date.parse(nextAttemptAt) <= Date.now());
}
