/**
 * New slices of arriving volumes on their way to the graphics card. Where 16-bit textures are missing vtk.js converts the whole
 * array for every upload, so uploads are gathered and never take more than a fifth of the time. A volume that is complete does not
 * wait for that: what is loaded is seen.
 */
import type { LoadedVolume } from '../lib/volume.ts';

type Upload = (volume: LoadedVolume, from: number, to: number) => void;

const SHORTEST_PAUSE_MS = 50;

export class SliceUploads {
  readonly #pending = new Map<LoadedVolume, readonly [from: number, to: number]>();
  readonly #upload: Upload;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = SHORTEST_PAUSE_MS;

  constructor(upload: Upload) {
    this.#upload = upload;
  }

  add(volume: LoadedVolume, from: number, to: number): void {
    const [first, last] = this.#pending.get(volume) ?? [from, to];
    this.#pending.set(volume, [Math.min(first, from), Math.max(last, to)]);
    if (to >= volume.size[2]) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#flush(), 0);
    }
    this.#timer ??= setTimeout(() => this.#flush(), this.#pauseMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pending.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    const started = performance.now();
    for (const [volume, [from, to]] of this.#pending) this.#upload(volume, from, to);
    this.#pending.clear();
    this.#pauseMs = Math.max(SHORTEST_PAUSE_MS, 4 * (performance.now() - started));
  }
}
