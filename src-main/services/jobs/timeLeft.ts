/** How long a job will still take, from its recent pace. */

/** Progress older than about this counts little. */
const memorySeconds = 15;

export interface TimeLeft {
  /** Takes note of progress at `nowMs`; the estimate in seconds, null while there is no pace yet. */
  update(
    progress: { readonly step: string; readonly done: number; readonly total: number },
    nowMs: number,
  ): number | null;
}

/**
 * An exponential mean of the pace (units per second), weighted by the time each reading covers, so that bursts of progress and long pauses
 * count for what they last. A new step, whose units are others, begins anew.
 */
export function createTimeLeft(): TimeLeft {
  let last: { step: string; done: number; atMs: number } | undefined;
  let pace = 0;
  let covered = 0;
  return {
    update({ step, done, total }, nowMs) {
      if (last?.step !== step || done < last.done) {
        last = { step, done, atMs: nowMs };
        pace = 0;
        covered = 0;
        return null;
      }
      const seconds = (nowMs - last.atMs) / 1000;
      if (seconds > 0) {
        const fresh = 1 - Math.exp(-seconds / memorySeconds);
        pace += fresh * ((done - last.done) / seconds - pace);
        covered += fresh * (1 - covered);
        last = { step, done, atMs: nowMs };
      }
      // Dividing by the share that was covered corrects the mean for having begun at zero (as Adam does).
      return pace > 0 ? Math.max(0, (total - done) / (pace / covered)) : null;
    },
  };
}
