/**
 * The run in front: what it is, its log so far, and what it says while it trains. The log is read in pages from where the last reading
 * ended; news come in bursts, so that one reading is under way at most and the next one waits a moment.
 */
import type { RunDetail, RunLogPage } from '../../src-main/api/contract/training.ts';
import { ChartLog, type StepLine } from '../lib/chartLog.ts';
import { isAbort } from '../lib/client.ts';
import { t } from '../lib/i18n.svelte.ts';

export interface RunPorts {
  detail(run: string): Promise<RunDetail>;
  log(run: string, from: number): Promise<RunLogPage>;
  /** Hears of the run's new lines; the result stops that. */
  onNews(run: string, listener: () => void): () => void;
  fail(error: unknown, what: string): void;
  delay(call: () => void, ms: number): () => void;
}

/** Least time between two readings of the log, ms. */
const pauseMs = 400;

export class Run {
  name = $state<string | null>(null);
  detail = $state.raw<RunDetail | null>(null);
  /** Grows in place; `version` tells that it did. */
  log = $state.raw(new ChartLog());
  version = $state(0);
  latest = $state.raw<StepLine | null>(null);
  /** Epochs finished, as far as the log says. */
  epoch = $state(0);
  /** Step at which each epoch ended, by epoch; epochs of a warm-up are longer than others. */
  epochSteps = $state.raw<Readonly<Record<number, number>>>({});
  /** Seconds of a step: the mean of the last ones read. */
  secondsPerStep = $state<number | null>(null);
  reading = $state(false);

  readonly #ports: RunPorts;
  #next = 0;
  #opened = 0;
  #again = false;
  #rewinds = false;
  #stop: () => void = () => undefined;
  #forget: () => void = () => undefined;

  constructor(ports: RunPorts) {
    this.#ports = ports;
  }

  /** Shows another run, or none. */
  async open(name: string | null): Promise<void> {
    this.close();
    this.name = name;
    if (name === null) return;
    this.#stop = this.#ports.onNews(name, () => this.#news());
    await Promise.all([this.refresh(), this.#read()]);
  }

  /** Reads what the run is now; after it began, paused or ended. */
  async refresh(): Promise<void> {
    const { name } = this;
    const opened = this.#opened;
    if (name === null) return;
    try {
      const detail = await this.#ports.detail(name);
      if (opened === this.#opened) this.detail = detail;
    } catch (error) {
      if (opened === this.#opened && !isAbort(error)) this.#ports.fail(error, t('train.run.notRead'));
    }
  }

  /** Reads the log from its beginning: a resumed run has dropped lines after its checkpoint. */
  async reread(): Promise<void> {
    this.#opened++;
    this.#clearLog();
    await this.#read();
  }

  /** The run is being resumed: its log is cut back to the checkpoint before the next news. */
  expectRewind(): void {
    this.#rewinds = true;
  }

  /** Reads what is new in the log now. */
  async readOn(): Promise<void> {
    await this.#read();
  }

  close(): void {
    this.#opened++;
    this.#stop();
    this.#stop = () => undefined;
    this.name = null;
    this.detail = null;
    this.#clearLog();
  }

  #clearLog(): void {
    this.#forget();
    this.#emptyLog();
    this.reading = false;
    this.#again = false;
    this.#rewinds = false;
  }

  #emptyLog(): void {
    this.log = new ChartLog();
    this.#next = 0;
    this.latest = null;
    this.epoch = 0;
    this.epochSteps = {};
    this.secondsPerStep = null;
    this.version++;
  }

  #news(): void {
    if (this.#rewinds) void this.reread();
    else if (this.reading) this.#again = true;
    else void this.#read();
  }

  async #read(): Promise<void> {
    const { name } = this;
    const opened = this.#opened;
    if (name === null || this.reading) return;
    this.reading = true;
    try {
      for (;;) {
        const { next, lines } = await this.#ports.log(name, this.#next);
        if (opened !== this.#opened) return;
        if (next < this.#next) {
          // Resuming has cut the log back to its checkpoint.
          this.#emptyLog();
          continue;
        }
        this.#take(lines);
        const more = next > this.#next;
        this.#next = next;
        if (!more) break;
      }
    } catch (error) {
      if (opened === this.#opened && !isAbort(error)) this.#ports.fail(error, t('train.run.notRead'));
    }
    if (opened !== this.#opened) return;
    this.#forget = this.#ports.delay(() => {
      this.reading = false;
      if (!this.#again) return;
      this.#again = false;
      void this.#read();
    }, pauseMs);
  }

  #take(lines: RunLogPage['lines']): void {
    const steps = lines.filter((line): line is StepLine => line.type === 'step');
    const ends = lines.flatMap((line) => (line.type === 'epoch' ? [[line.epoch, line.step] as const] : []));
    if (ends.length > 0) this.epochSteps = { ...this.epochSteps, ...Object.fromEntries(ends) };
    this.epoch = ends.at(-1)?.[0] ?? this.epoch;
    this.log.append(steps);
    const last = steps.at(-1);
    if (last) {
      const recent = steps.slice(-20);
      this.latest = last;
      this.epoch = Math.max(this.epoch, last.epoch);
      this.secondsPerStep = recent.reduce((sum, { seconds }) => sum + seconds, 0) / recent.length;
    }
    if (lines.length > 0) this.version++;
  }
}
