/** Whether the application answers, and its events for everyone who listens. */
import type { ServerEvent } from '../../src-main/api/contract/jobs.ts';
import { Listeners } from '../lib/listeners.ts';
import { openEventStream } from '../lib/eventStream.ts';

type Listener = (event: ServerEvent) => void;

class Connection {
  state = $state<'connecting' | 'live' | 'lost' | 'refused'>('connecting');
  private readonly listeners = new Listeners<'event', Listener>();
  private stream: { close(): void; wake(): void } | null = null;

  /** Opens the stream (once); call the result to close it. */
  open(): () => void {
    this.stream ??= openEventStream({
      onEvent: (event) => {
        for (const listener of this.listeners.of('event')) listener(event);
      },
      onState: (state) => (this.state = state),
    });
    return () => {
      this.stream?.close();
      this.stream = null;
      this.state = 'connecting';
    };
  }

  retryNow(): void {
    this.stream?.wake();
  }

  /** Hears every event; call the result to stop. */
  listen(listener: Listener): () => void {
    return this.listeners.add('event', listener);
  }
}

export const connection = new Connection();
