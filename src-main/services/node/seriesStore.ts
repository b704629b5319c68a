/**
 * The states of a running node's series, in memory as on the disk: the node alone writes them. Images arrive while a series is worked on,
 * so each state is changed by one at a time, and what was found out about an earlier round of a series is not written into a later one.
 */
import { listSeriesStates, writeSeriesState, type SeriesState } from './seriesState.ts';

type Change = (before: SeriesState | undefined) => SeriesState | undefined | Promise<SeriesState | undefined>;

export interface SeriesStore {
  readonly workspaceDirectory: string;
  /** The oldest first. */
  list(): SeriesState[];
  /** Writes what `change` makes of the state; undefined leaves it as it is. */
  change(seriesId: string, change: Change): Promise<void>;
  /** Writes `changes` into the state of the same round; undefined when images have made it begin anew meanwhile. */
  update(state: SeriesState, changes: Partial<SeriesState>): Promise<SeriesState | undefined>;
}

/** Throws RECORD_INVALID for a state that cannot be read. */
export async function openSeriesStore(workspaceDirectory: string): Promise<SeriesStore> {
  const states = new Map(
    (await listSeriesStates(workspaceDirectory)).map((state) => [state.seriesId, state]),
  );
  const queues = new Map<string, Promise<void>>();
  const change = async (seriesId: string, make: Change): Promise<void> => {
    const turn = (queues.get(seriesId) ?? Promise.resolve()).then(async () => {
      const next = await make(states.get(seriesId));
      if (next) states.set(seriesId, await writeSeriesState(workspaceDirectory, next));
    });
    const settled = turn.catch(() => undefined);
    queues.set(seriesId, settled);
    void settled.then(() => {
      if (queues.get(seriesId) === settled) queues.delete(seriesId);
    });
    await turn;
  };
  return {
    workspaceDirectory,
    list: () => [...states.values()],
    change,
    async update({ seriesId, round }, changes) {
      let written: SeriesState | undefined;
      await change(seriesId, (now) => {
        if (now?.round === round) written = { ...now, ...changes };
        return written;
      });
      return written;
    },
  };
}
