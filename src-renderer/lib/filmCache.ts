/** Frames of a film that were fetched, the least recently used ones let go beyond a size; one request a frame at most. */
import type { FilmPair } from './filmPlanes.ts';

/** 64 MiB: the abstract's film of six slices keeps some twenty epochs. */
const defaultBytes = 2 ** 26;

export class FrameCache {
  readonly #frames = new Map<number, Promise<readonly FilmPair[]>>();
  readonly #sizes = new Map<number, number>();
  readonly #limit: number;

  constructor(limitBytes = defaultBytes) {
    this.#limit = limitBytes;
  }

  /** Whether the frame is here, not merely on its way. */
  has(epoch: number): boolean {
    return this.#sizes.has(epoch);
  }

  /** The frame, fetched where it is not here; a fetch that fails is forgotten. */
  async get(epoch: number, fetch: () => Promise<readonly FilmPair[]>): Promise<readonly FilmPair[]> {
    const known = this.#frames.get(epoch);
    const frame = known ?? fetch();
    // Set anew: a Map keeps the order of insertion, so that the first key is the one unused for longest.
    this.#frames.delete(epoch);
    this.#frames.set(epoch, frame);
    try {
      const pairs = await frame;
      if (this.#frames.get(epoch) === frame) this.#sizes.set(epoch, pairs[0]?.first.buffer.byteLength ?? 0);
      this.#trim(epoch);
      return pairs;
    } catch (error) {
      if (this.#frames.get(epoch) === frame) this.#drop(epoch);
      throw error;
    }
  }

  clear(): void {
    this.#frames.clear();
    this.#sizes.clear();
  }

  #trim(kept: number): void {
    let total = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const epoch of [...this.#frames.keys()]) {
      if (total <= this.#limit) return;
      const size = this.#sizes.get(epoch);
      if (epoch === kept || size === undefined) continue;
      total -= size;
      this.#drop(epoch);
    }
  }

  #drop(epoch: number): void {
    this.#frames.delete(epoch);
    this.#sizes.delete(epoch);
  }
}
