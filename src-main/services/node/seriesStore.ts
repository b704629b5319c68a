/**
 * The states of a running node's series, in memory as on the disk: the node alone writes them. Images arrive while a series is worked on,
 * so each state is changed by one at a time, and what was found out about an earlier round of a series is not written into a later one.
 */
import { rm } from 'node:fs/promises';
import { listSeriesStates, seriesDirectory, writeSeriesState, type SeriesState } from './seriesState.ts';

type Change = (before: SeriesState | undefined) => SeriesState | undefined | Promise<SeriesState | undefined>;

export interface SeriesStore {
  readonly workspaceDirectory: string;
  /** The oldest first. */
  list(): SeriesState[];
  /**
   * Writes what `change` makes of the state and resolves with it; undefined leaves it as it is. `afterwards` runs when it is written, before
   * anyone else changes it.
   */
  change(
    seriesId: string,
    change: Change,
    afterwards?: () => Promise<unknown>,
  ): Promise<SeriesState | undefined>;
  /** Writes `changes` into the state of the same round; undefined when images have made it begin anew meanwhile. */
  update(state: SeriesState, changes: Partial<SeriesState>): Promise<SeriesState | undefined>;
  /** Removes the series with all its files, unless it was changed since `state`. */
  forget(state: SeriesState): Promise<void>;
}

/** Throws RECORD_INVALID for a state that cannot be read. */
export async function openSeriesStore(workspaceDirectory: string): Promise<SeriesStore> {
  const states = new Map(
    (await listSeriesStates(workspaceDirectory)).map((state) => [state.seriesId, state]),
  );
  const queues = new Map<string, Promise<unknown>>();
  const inTurn = async <T>(seriesId: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(seriesId) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    queues.set(seriesId, settled);
    void settled.then(() => {
      if (queues.get(seriesId) === settled) queues.delete(seriesId);
    });
    return turn;
  };
  const change: SeriesStore['change'] = (seriesId, make, afterwards) =>
    inTurn(seriesId, async () => {
      const next = await make(states.get(seriesId));
      if (!next) return undefined;
      const written = await writeSeriesState(workspaceDirectory, next);
      states.set(seriesId, written);
      await afterwards?.();
      return written;
    });
  return {
    workspaceDirectory,
    list: () => [...states.values()],
    change,
    update: ({ seriesId, round }, changes) =>
      change(seriesId, (now) => (now?.round === round ? { ...now, ...changes } : undefined)),
    forget: ({ seriesId, round, changedAt }) =>
      inTurn(seriesId, async () => {
        const now = states.get(seriesId);
        if (now?.round !== round || now.changedAt !== changedAt) return;
        await rm(seriesDirectory(workspaceDirectory, seriesId), { recursive: true, force: true });
        states.delete(seriesId);
      }),
  };
}
