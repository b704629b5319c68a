import { AppError } from '../../shared/appError.ts';
import { openPacsClient } from '../pacs/openPacsClient.ts';
import type { NodeConfig, NodePeer } from './nodeConfig.ts';
import type { SeriesState } from './seriesState.ts';

/** How many images a series has; null where nobody knows. */
export type CountAsker = (state: SeriesState, signal: AbortSignal) => Promise<number | null>;

/** Asks the source, now and then; a source that does not answer is one that does not know. */
export function createCountAsker(
  { source, receiver, completeness: { quietSeconds } }: NodeConfig,
  secretOf: (peer: NodePeer) => Promise<string>,
): CountAsker {
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
    for (const [seriesId, { at }] of told) if (Date.now() - at >= 1000 * quietSeconds) told.delete(seriesId);
    const known = told.get(state.seriesId);
    if (known) return known.count;
    const count = await ask(source, state, signal);
    told.set(state.seriesId, { at: Date.now(), count });
    return count;
  };
}
