/** Making a file of the film: collects the frames, has them drawn and encoded in a worker, and holds the file until it is saved. */
import { isAbort } from '../lib/client.ts';
import type { FilmAnswer, FilmFormat, FilmOrder } from '../lib/filmExport.ts';
import { sheetLayout, type SheetInput } from '../lib/filmSheet.ts';
import type { Film } from './film.svelte.ts';

/** A worker, or what stands in for it. */
export interface FilmWorker {
  postMessage(order: FilmOrder): void;
  onmessage: ((event: MessageEvent<FilmAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export interface MadeFilm {
  readonly format: FilmFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

export class FilmExport {
  /** 0…1 while it is being made. */
  progress = $state<number | null>(null);
  made = $state.raw<MadeFilm | null>(null);
  readonly #makeWorker: () => FilmWorker;
  readonly #fail: (error: unknown) => void;
  #abort: AbortController | null = null;

  constructor(makeWorker: () => FilmWorker, fail: (error: unknown) => void) {
    this.#makeWorker = makeWorker;
    this.#fail = fail;
  }

  /** Makes the file of the film's chosen slice. `speed`: epochs a second. */
  async make(film: Film, format: FilmFormat, sheet: SheetInput, speed: number): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.made = null;
    this.progress = 0;
    try {
      const total = film.epochs.length;
      // Fetching is counted as a third, drawing and encoding as the rest.
      const frames = await film.frames((done) => (this.progress = done / total / 3), abort.signal);
      const order: FilmOrder = { format, sheet, frames, delayMs: 1000 / speed };
      const bytes = await this.#encode(order, abort.signal);
      const { width, height } = sheetLayout(sheet);
      this.made = { format, bytes, frames: frames.length, width, height };
    } catch (error) {
      if (!isAbort(error)) this.#fail(error);
    } finally {
      if (this.#abort === abort) {
        this.progress = null;
        this.#abort = null;
      }
    }
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.progress = null;
  }

  /** Lets the file go; its settings have changed. */
  forget(): void {
    this.made = null;
  }

  #encode(order: FilmOrder, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal.throwIfAborted();
    const worker = this.#makeWorker();
    return new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      signal.addEventListener('abort', () =>
        reject(new DOMException('The export was cancelled.', 'AbortError')),
      );
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data.type === 'progress') this.progress = (1 + (2 * data.done) / data.total) / 3;
        else if (data.type === 'done') resolve(data.bytes);
        else reject(new Error(data.message));
      };
      worker.postMessage(order);
    }).finally(() => worker.terminate());
  }
}
