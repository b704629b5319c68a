/** Who listens to what: plain bookkeeping, not state that anything is drawn from. */
export class Listeners<Key, Listener> {
  private readonly map = new Map<Key, Set<Listener>>();

  /** Adds a listener; call the result to take it away. */
  add(key: Key, listener: Listener): () => void {
    const set = this.map.get(key) ?? new Set<Listener>();
    this.map.set(key, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0) this.map.delete(key);
    };
  }

  /** Those who listen now, so that one may go while they are told. */
  of(key: Key): Listener[] {
    return [...(this.map.get(key) ?? [])];
  }

  /** Everyone, whatever the key. */
  all(): Listener[] {
    return [...this.map.values()].flatMap((set) => [...set]);
  }
}
