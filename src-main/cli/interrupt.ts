/** Ctrl-C in two stages: the first asks the work to stop, the second ends the process at once. */

/** The exit code of a command that was stopped from outside (128 + SIGINT, as shells count). */
export const interruptedExitCode = 130;

export interface Interrupt {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
}

/** Listens for SIGINT and SIGTERM until disposed; `say` gets a line for the person. */
export function listenForInterrupt(say: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    say('Stopping cleanly; press Ctrl-C again to end at once.');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
