/** Runs tasks one after another whenever the window has nothing else to do; call the result to leave the rest undone. */
export function whenIdle(tasks: readonly (() => unknown)[]): () => void {
  // Where the browser cannot say when it is idle, the tasks wait until they are asked for.
  if (typeof window.requestIdleCallback !== 'function') return () => undefined;
  let handle = 0;
  const rest = tasks.values();
  const next = (): void => {
    handle = window.requestIdleCallback(() => {
      const task = rest.next();
      if (task.done) return;
      task.value();
      next();
    });
  };
  next();
  return () => window.cancelIdleCallback(handle);
}
