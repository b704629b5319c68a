/**
 * Events as lines of JSON that a window reads as they come. A window that reads slowly gets the newest state of a job or run instead of every
 * one in between; one that reads nothing at all is hung up on, and gets a new snapshot when it calls again.
 */
import type { ServerEvent } from './contract/jobs.ts';

const pingMs = 5000;
const mostWaiting = 1000;

export interface EventSource {
  /** What a listener has to know before the first event. */
  readonly snapshot: () => ServerEvent;
  readonly subscribe: (listener: (event: ServerEvent) => void) => () => void;
}

/** The stream for one listener; it ends its subscription when it is cancelled. */
export function eventStream({ snapshot, subscribe }: EventSource): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  /** Events that wait for the reader, by what they supersede. */
  const waiting = new Map<string, ServerEvent>();
  let count = 0;
  let stop = (): void => undefined;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const write = (event: ServerEvent): void =>
          controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        write(snapshot());
        const listen = (event: ServerEvent): void => {
          if ((controller.desiredSize ?? 0) > 0 && waiting.size === 0) {
            write(event);
            return;
          }
          const key = supersedes(event) ?? `#${count++}`;
          waiting.delete(key);
          waiting.set(key, event);
          if (waiting.size <= mostWaiting) return;
          stop();
          controller.close();
        };
        const unsubscribe = subscribe(listen);
        const ping = setInterval(() => listen({ type: 'ping', time: new Date().toISOString() }), pingMs);
        ping.unref();
        stop = () => {
          unsubscribe();
          clearInterval(ping);
          waiting.clear();
        };
      },
      pull(controller) {
        for (const [key, event] of waiting) {
          waiting.delete(key);
          controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
          if ((controller.desiredSize ?? 0) <= 0) break;
        }
      },
      cancel: () => stop(),
    },
    // A few lines are handed over at once, so that a snapshot does not hold back what follows it.
    { highWaterMark: 16 },
  );
}

/** Events with the same key replace each other while they wait; undefined: every one counts. */
function supersedes(event: ServerEvent): string | undefined {
  switch (event.type) {
    case 'job':
      return `job ${event.job.jobId}`;
    case 'run':
      return `run ${event.run}`;
    case 'changed':
      return `changed ${event.what}`;
    case 'ping':
    case 'snapshot':
      return event.type;
    case 'slice':
    case 'job-removed':
      return undefined;
  }
}
