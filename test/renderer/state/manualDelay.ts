/** A clock that a test turns by hand: calls asked for later run when `pass` reaches them. */
export function manualDelay() {
  let now = 0;
  let waiting: { at: number; call: () => void }[] = [];
  return {
    delay(call: () => void, ms: number): () => void {
      const entry = { at: now + ms, call };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    /** Lets time pass; what the calls began gets its turn too. */
    async pass(ms: number): Promise<void> {
      now += ms;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { call } of due) call();
      await settle();
    },
  };
}

/** Lets promises that need no clock come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
