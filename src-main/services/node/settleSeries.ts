/** Looks at series whose images come: once nothing more does, each is worked on, is no rule's, or has failed because images are missing. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSeriesIdentity } from '../../formats/dicom/seriesIdentity.ts';
import { chooseRule } from './chooseRule.ts';
import { completeness } from './completeness.ts';
import type { CountAsker } from './countAsker.ts';
import type { NodeConfig } from './nodeConfig.ts';
import { countReceived, type SeriesInbox } from './seriesInbox.ts';
import { receivedDirectory, type SeriesState } from './seriesState.ts';
import type { SeriesStore } from './seriesStore.ts';

export interface SettleContext {
  readonly config: NodeConfig;
  readonly store: SeriesStore;
  readonly inbox: SeriesInbox;
  readonly askCount: CountAsker;
  readonly signal: AbortSignal;
  readonly log: (message: string, seriesId?: string) => void;
}

/** Decides about a `receiving` series, or leaves it for another time. */
export async function settleSeries(state: SeriesState, context: SettleContext): Promise<void> {
  const { config, store, inbox, askCount, signal, log } = context;
  const { seriesId, caller, imagesBefore = 0 } = state;
  const directory = store.workspaceDirectory;
  const { lastAt, expected: announced } = inbox.arrivals(seriesId);
  const quietSeconds = (Date.now() - lastAt) / 1000;
  if (quietSeconds < config.completeness.quietSeconds) return;
  const images = await countReceived(directory, seriesId);
  const known = announced ?? (await askCount(state, signal));
  // Where nobody knows, what it had before does: late images alone are no series.
  const expected = state.takenAsWhole ? null : (known ?? (imagesBefore || null));
  const verdict = completeness({ images, expected, quietSeconds }, config.completeness);
  if (verdict === 'coming') return;

  // What arrived while others were asked begins the silence anew.
  const decide = async (
    changes: Partial<SeriesState>,
    words: string,
    afterwards?: () => Promise<void>,
  ): Promise<void> => {
    const decided = await store.change(
      seriesId,
      (now) =>
        now?.round === state.round && inbox.arrivals(seriesId).lastAt === lastAt
          ? { ...now, ...changes, images }
          : undefined,
      afterwards,
    );
    if (decided) log(words, seriesId);
  };
  if (verdict === 'incomplete') {
    const text =
      expected === null
        ? 'None of its images is there any more.'
        : `${images} of ${known === null ? `the ${expected} images it had before` : `${expected} images`} have come.`;
    await decide({ status: 'failed', reason: { code: 'SERIES_INCOMPLETE', text } }, `failed: ${text}`);
    return;
  }
  const rule = await ruleOf(config, directory, state);
  if (!rule) {
    await decide({ status: 'ignored' }, `${images} images from ${caller}: no rule is for them`, () =>
      rm(receivedDirectory(directory, seriesId), { recursive: true, force: true }),
    );
    return;
  }
  const destinations = rule.destinations ?? config.destinations.map(({ name }) => name);
  await decide(
    { status: 'waiting', modelId: rule.model, destinations },
    `${images} images from ${caller}, for ${rule.model}`,
  );
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
