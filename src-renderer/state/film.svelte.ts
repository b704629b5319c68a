/**
 * The film of the run in front: a few fixed slices with their weight map and sCT after every epoch. It follows the newest epoch while the run
 * trains and plays all of them afterwards. Frames are kept up to a size; the next one is fetched while one is looked at.
 */
import type { Film as FilmBody } from '../../src-main/api/contract/training.ts';
import { isAbort } from '../lib/client.ts';
import { filmPairs, type FilmPair } from '../lib/filmPlanes.ts';
import { FrameCache } from '../lib/filmCache.ts';
import { t } from '../lib/i18n.svelte.ts';

export interface FilmPorts {
  film(run: string): Promise<FilmBody>;
  bytes(path: string, signal: AbortSignal): Promise<ArrayBuffer>;
  fail(error: unknown, what: string): void;
  delay(call: () => void, ms: number): () => void;
  remember(place: FilmPlace): void;
}

/** Where a later session finds the scrubber again. `epoch` null: at the newest. */
export interface FilmPlace {
  readonly run: string;
  readonly epoch: number | null;
  readonly slice: number;
}

/** The four planes of one slice at one epoch. */
export interface FilmView {
  readonly epoch: number;
  readonly mr: Float32Array<ArrayBuffer>;
  readonly ct: Float32Array<ArrayBuffer>;
  readonly sct: Float32Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
}

export const filmSpeeds = [1, 2, 4, 8] as const;

export class Film {
  run = $state<string | null>(null);
  body = $state.raw<FilmBody | null>(null);
  slice = $state(0);
  /** The epoch asked for; `shown` is that of the planes on the screen. */
  epoch = $state(0);
  /** Stays at the newest epoch. */
  following = $state(true);
  playing = $state(false);
  /** Epochs a second. */
  speed = $state<number>(4);
  loading = $state(false);

  #pairs = $state.raw<readonly FilmPair[] | null>(null);
  #frame = $state.raw<{ readonly epoch: number; readonly pairs: readonly FilmPair[] } | null>(null);

  readonly epochs = $derived(this.body?.epochs ?? []);
  readonly newest = $derived(this.epochs.at(-1) ?? 0);
  /** Place of the epoch asked for among those that exist. */
  readonly place = $derived(Math.max(0, this.epochs.indexOf(this.epoch)));
  /** Whether nothing was weighed by the epoch asked for: its map is what the weights would be. */
  readonly isWarmup = $derived(
    this.body !== null && this.body.hasWeights && this.epoch <= this.body.warmupEpochs,
  );
  readonly view = $derived(this.#view());

  readonly #ports: FilmPorts;
  readonly #cache = new FrameCache();
  #abort = new AbortController();
  #forget: () => void = () => undefined;

  constructor(ports: FilmPorts) {
    this.#ports = ports;
  }

  /** Opens a run's film, at a remembered place where one is given. */
  async open(run: string | null, place: FilmPlace | null = null): Promise<void> {
    this.close();
    this.run = run;
    if (run === null) return;
    this.slice = place?.slice ?? 0;
    this.following = place === null || place.epoch === null;
    this.epoch = place?.epoch ?? 0;
    await this.refresh();
  }

  /** Reads which epochs there are now, and goes to the newest while following. */
  async refresh(): Promise<void> {
    const { run } = this;
    const { signal } = this.#abort;
    if (run === null) return;
    try {
      const body = await this.#ports.film(run);
      if (signal.aborted) return;
      this.body = body;
      this.slice = Math.min(this.slice, Math.max(0, body.slices.length - 1));
      if (body.slices.length === 0 || body.epochs.length === 0) return;
      this.#pairs ??= filmPairs(await this.#ports.bytes(`${filmPath(run)}/slices`, signal), body);
      const known = body.epochs.includes(this.epoch);
      await this.#show(this.following || !known ? this.newest : this.epoch);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Goes to the place-th epoch there is. */
  async seek(place: number): Promise<void> {
    const epoch = this.epochs[Math.min(this.epochs.length - 1, Math.max(0, place))];
    if (epoch === undefined) return;
    this.following = epoch === this.newest;
    this.#remember(epoch);
    try {
      await this.#show(epoch);
    } catch (error) {
      this.#failed(error);
    }
  }

  chooseSlice(slice: number): void {
    const last = (this.body?.slices.length ?? 1) - 1;
    this.slice = Math.min(last, Math.max(0, slice));
    this.#remember(this.epoch);
  }

  play(): void {
    if (this.epochs.length < 2) return;
    this.playing = true;
    if (this.place === this.epochs.length - 1) void this.seek(0).then(() => this.#next());
    else this.#next();
  }

  pause(): void {
    this.playing = false;
    this.#forget();
  }

  /** Every frame of the chosen slice, in order; for the export. */
  async frames(onFrame: (done: number) => void, signal: AbortSignal): Promise<FilmView[]> {
    const views: FilmView[] = [];
    for (const epoch of this.epochs) {
      const pairs = await this.#load(epoch, signal);
      const view = this.#viewOf(epoch, pairs);
      if (view) views.push(view);
      onFrame(views.length);
    }
    return views;
  }

  close(): void {
    this.pause();
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#cache.clear();
    this.run = null;
    this.body = null;
    this.#pairs = null;
    this.#frame = null;
    this.loading = false;
  }

  #next(): void {
    if (!this.playing) return;
    this.#forget = this.#ports.delay(() => {
      if (this.place >= this.epochs.length - 1) this.playing = false;
      else void this.seek(this.place + 1).then(() => this.#next());
    }, 1000 / this.speed);
  }

  /** Shows an epoch unless another was asked for meanwhile. */
  async #show(epoch: number): Promise<void> {
    const { signal } = this.#abort;
    this.epoch = epoch;
    this.loading = !this.#cache.has(epoch);
    const pairs = await this.#load(epoch, signal);
    if (signal.aborted || this.epoch !== epoch) return;
    this.#frame = { epoch, pairs };
    this.loading = false;
    const next = this.epochs[this.place + 1];
    if (next !== undefined && this.playing) void this.#load(next, signal).catch(() => undefined);
  }

  async #load(epoch: number, signal: AbortSignal): Promise<readonly FilmPair[]> {
    const { body, run } = this;
    if (!body || run === null) throw new DOMException('The film was closed.', 'AbortError');
    return this.#cache.get(epoch, async () =>
      filmPairs(await this.#ports.bytes(`${filmPath(run)}/${String(epoch)}`, signal), body),
    );
  }

  #view(): FilmView | null {
    const frame = this.#frame;
    return frame ? this.#viewOf(frame.epoch, frame.pairs) : null;
  }

  #viewOf(epoch: number, pairs: readonly FilmPair[]): FilmView | null {
    const [still, moving] = [this.#pairs?.[this.slice], pairs[this.slice]];
    if (!still || !moving) return null;
    return { epoch, mr: still.first, ct: still.second, weight: moving.first, sct: moving.second };
  }

  #remember(epoch: number): void {
    if (this.run === null) return;
    this.#ports.remember({ run: this.run, epoch: this.following ? null : epoch, slice: this.slice });
  }

  #failed(error: unknown): void {
    this.pause();
    this.loading = false;
    if (!isAbort(error)) this.#ports.fail(error, t('train.film.notRead'));
  }
}

function filmPath(run: string): string {
  return `/api/runs/${encodeURIComponent(run)}/film`;
}
