/** Where services say what has happened, and streams to the window listen. */
import type { ServerEvent } from '../../api/contract/jobs.ts';

export interface EventHub {
  emit(event: ServerEvent): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
}

/** A hub without memory: who comes late asks for a snapshot. */
export function createEventHub(): EventHub {
  const listeners = new Set<(event: ServerEvent) => void>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
