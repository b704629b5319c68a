/**
 * The application's event stream (NDJSON): reads it line by line, and when it ends or falls silent connects again, waiting longer
 * each time. A ping is due every 5 s, so 15 s of silence mean that nobody is there.
 */
import type { ServerEvent } from '../../src-main/api/contract/jobs.ts';
import { ClientError, request } from './client.ts';

const silenceMs = 15_000;
const waitsMs = [250, 500, 1000, 2000, 4000, 8000] as const;

export interface EventHandlers {
  onEvent(event: ServerEvent): void;
  /** `refused`: somebody answers, but does not let this window in (any more). */
  onState(state: 'live' | 'lost' | 'refused'): void;
}

async function readLines(
  response: Response,
  onLine: (line: string) => void,
  heard: () => void,
): Promise<void> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const part = await reader.read();
    if (part.done) return;
    heard();
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  }
}

/** Connects until the returned function is called. `wake()` tries at once instead of waiting out a pause. */
export function openEventStream({ onEvent, onState }: EventHandlers): { close(): void; wake(): void } {
  const closing = new AbortController();
  const closed = (): boolean => closing.signal.aborted;
  let failures = 0;
  let controller = new AbortController();
  let wake = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });

  const connectOnce = async (): Promise<void> => {
    controller = new AbortController();
    const abort = (): void => controller.abort();
    let silence = setTimeout(abort, silenceMs);
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(abort, silenceMs);
    };
    try {
      const response = await request('/api/events', { signal: controller.signal });
      const onLine = (line: string): void => {
        if (failures !== -1) onState('live');
        failures = -1;
        onEvent(JSON.parse(line) as ServerEvent);
      };
      await readLines(response, onLine, heard);
    } finally {
      clearTimeout(silence);
    }
  };

  const run = async (): Promise<void> => {
    while (!closed()) {
      // However the stream ends, the answer is the same: say so and try again.
      const state = await connectOnce().then(
        () => 'lost' as const,
        (error: unknown) => (error instanceof ClientError && error.status === 401 ? 'refused' : 'lost'),
      );
      if (closed()) return;
      onState(state);
      failures = Math.max(0, failures) + 1;
      await pause(waitsMs[Math.min(failures, waitsMs.length) - 1] ?? 8000);
    }
  };
  void run();
  return {
    close() {
      closing.abort();
      controller.abort();
      wake();
    },
    wake: () => wake(),
  };
}
