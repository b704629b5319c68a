/** The Train desk's state, put together: cohort, form, runs, the run in front and its film. One for the window; it outlives the view. */
import { untrack } from 'svelte';
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import type {
  CohortView,
  Film as FilmBody,
  Preflight,
  PresetBody,
  RunDetail,
  RunLogPage,
  RunRequest,
  RunSummary,
} from '../../src-main/api/contract/training.ts';
import { client, ClientError } from '../lib/client.ts';
import { errorText, t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import { Cohort } from './cohort.svelte.ts';
import { Film } from './film.svelte.ts';
import { FilmExport } from './filmExport.svelte.ts';
import { FilmStage } from './filmStage.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { notify } from './notices.svelte.ts';
import { Run } from './run.svelte.ts';
import { RunChart } from './runChart.svelte.ts';
import { readFilmPlace, readFormState } from './runMemory.ts';
import { RunForm } from './runForm.svelte.ts';
import { isTraining, RunList } from './runList.svelte.ts';

export type RunPanel = 'form' | 'runs';

function fail(error: unknown, what: string): void {
  const why =
    error instanceof ClientError ? errorText(error) : error instanceof Error ? error.message : String(error);
  notify({ tone: 'error', text: `${what} ${why}` });
}

function delay(call: () => void, ms: number): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}

const runPath = (run: string): string => `/api/runs/${encodeURIComponent(run)}`;

class RunDesk {
  panel = $state<RunPanel>('form');
  /** Which question is open about the run in front. */
  asking = $state<'stop' | 'release' | 'export' | 'settings' | null>(null);

  readonly chart = new RunChart();
  readonly stage = new FilmStage();
  readonly filmExport = new FilmExport(
    () => new Worker(new URL('../lib/filmWorker.ts', import.meta.url), { type: 'module' }),
    (error) => fail(error, t('train.export.failed')),
  );
  readonly cohort = new Cohort({
    get: (path) => client.get<CohortView>(path),
    put: (path, body) => client.put<CohortView>(path, body),
    fail,
  });
  readonly list = new RunList({
    runs: () => client.get<RunSummary[]>('/api/runs'),
    jobs: () => jobs.list,
    fail,
  });
  readonly run = new Run({
    detail: (run) => client.get<RunDetail>(runPath(run)),
    log: (run, from) => client.get<RunLogPage>(`${runPath(run)}/log?from=${String(from)}`),
    onNews: (run, listener) => jobs.onRun(run, listener),
    fail,
    delay,
  });
  readonly film = new Film({
    film: (run) => client.get<FilmBody>(`${runPath(run)}/film`),
    bytes: async (path, signal) => (await client.bytes(path, { signal })).bytes,
    fail,
    delay,
    remember: (place) => app.remember('train.film', place),
  });
  readonly form = new RunForm({
    presets: () => client.get<PresetBody[]>('/api/presets'),
    preflight: (request) => client.post<Preflight>('/api/runs/preflight', request),
    start: (request) => this.#start(request),
    fail,
    delay,
    remember: (state) => app.remember('train.form', state),
  });

  /** The job that works on the run in front. */
  readonly job = $derived(this.run.name === null ? null : this.list.jobOf(this.run.name));
  /** What the run in front does now: a job knows it sooner than the run's own record. */
  readonly status = $derived.by(() => {
    if (this.job) return this.job.status === 'stopping' ? 'pausing' : 'running';
    return this.run.detail?.status ?? null;
  });
  /** Why the run in front ended, when it did not end well. */
  readonly ending = $derived(this.run.name === null || this.job ? null : this.list.lastJobOf(this.run.name));
  readonly rankJob = $derived(
    jobs.list.find(
      ({ kind, status }) => kind === 'rank' && (status === 'running' || status === 'stopping'),
    ) ?? null,
  );
  readonly phantomJob = $derived(
    jobs.list.find(({ kind, status }) => kind === 'phantom-cohort' && status === 'running') ?? null,
  );

  /** Changes when the film may have grown: with the first step and with every epoch; -1 before. */
  readonly #filmCue = $derived(this.run.latest === null ? -1 : this.run.epoch);
  /** A job that was started here and whose run should come to the front. */
  #awaited = $state<string | null>(null);
  /** Its run, once job and list both know it, in whichever order they learn of it. */
  readonly #arrived = $derived.by(() => {
    const subject = this.#awaited === null ? null : (jobs.find(this.#awaited)?.subject ?? null);
    return this.list.find(subject)?.run ?? null;
  });
  #loaded = false;

  /** The view is shown: reads everything and listens; call the result when it goes. */
  open(): () => void {
    const stops = [
      app.onChanged('cohort', () => void this.cohort.load().then(() => this.form.check())),
      app.onChanged('runs', () => void this.#runsChanged()),
      jobs.onEnd((job) => void this.#ended(job)),
      $effect.root(() => {
        $effect(() => {
          if (this.#filmCue >= 0) void this.film.refresh();
        });
        $effect(() => {
          const run = this.#arrived;
          if (run !== null) untrack(() => this.#bringForward(run));
        });
      }),
    ];
    void this.#load();
    return () => {
      for (const stop of stops) stop();
      this.film.pause();
      this.form.dispose();
    };
  }

  /** Brings a run to the front. */
  async show(run: string | null): Promise<void> {
    if (run === this.run.name) return;
    app.remember('train.run', run);
    this.chart.zoom = null;
    const place = readFilmPlace(app.recall('train.film'));
    await Promise.all([this.run.open(run), this.film.open(run, place?.run === run ? place : null)]);
  }

  /** Asks for a checkpoint and the end; the run can be resumed. */
  async pause(): Promise<void> {
    await this.#cancel(false);
  }

  /** Ends the process at once. */
  async stop(): Promise<void> {
    this.asking = null;
    await this.#cancel(true);
  }

  async resume(): Promise<void> {
    const run = this.run.name;
    if (run === null) return;
    try {
      await jobs.start({ kind: 'resume', run, device: this.form.device });
      this.run.expectRewind();
    } catch (error) {
      fail(error, t('train.run.notResumed'));
    }
  }

  async rank(): Promise<void> {
    try {
      await jobs.start({ kind: 'rank' });
    } catch (error) {
      fail(error, t('train.cohort.notRanked'));
    }
  }

  async makePhantoms(): Promise<void> {
    try {
      await jobs.start({ kind: 'phantom-cohort' });
    } catch (error) {
      fail(error, t('train.cohort.noPhantoms'));
    }
  }

  /** Releases the run in front as a model and says where it can be used. */
  async release(name: string): Promise<void> {
    const run = this.run.name;
    this.asking = null;
    if (run === null) return;
    try {
      const job = await jobs.finished((await jobs.start({ kind: 'release', run, name })).jobId);
      if (job.status === 'done') {
        const action = { label: t('train.release.use'), run: () => app.go('synthesize') };
        notify({ tone: 'ok', text: t('train.release.done', { name }), action });
      } else if (job.error)
        notify({ tone: 'error', text: `${t('train.release.failed')} ${errorText(job.error)}` });
    } catch (error) {
      fail(error, t('train.release.failed'));
    }
  }

  async #load(): Promise<void> {
    const first = !this.#loaded;
    this.#loaded = true;
    await Promise.all([this.#loadForm(first), this.cohort.load(), this.#loadRuns(first)]);
  }

  async #loadForm(first: boolean): Promise<void> {
    if (first) await this.form.load(readFormState(app.recall('train.form'), app.settings.device));
    else this.form.check();
  }

  async #loadRuns(first: boolean): Promise<void> {
    await this.list.load();
    const remembered = app.recall('train.run');
    const known = typeof remembered === 'string' && this.list.find(remembered) ? remembered : null;
    if (first) await this.show(known ?? this.list.runs[0]?.run ?? null);
    else await Promise.all([this.run.refresh(), this.run.readOn(), this.film.refresh()]);
  }

  async #start(request: RunRequest): Promise<void> {
    const job = await jobs.start({ kind: 'train', ...request });
    this.#awaited = job.jobId;
    this.panel = 'runs';
  }

  async #cancel(force: boolean): Promise<void> {
    const job = this.job ?? this.list.preparing;
    if (!job) return;
    try {
      await jobs.cancel(job.jobId, force);
    } catch (error) {
      fail(error, t('train.run.notStopped'));
    }
  }

  async #runsChanged(): Promise<void> {
    await this.list.load();
    await this.run.refresh();
  }

  #bringForward(run: string): void {
    this.#awaited = null;
    void this.show(run);
  }

  async #ended(job: JobSnapshot): Promise<void> {
    if (!isTraining(job)) return;
    await this.list.load();
    if (job.subject === this.run.name)
      await Promise.all([this.run.refresh(), this.run.readOn(), this.film.refresh()]);
  }
}

export const runDesk = new RunDesk();
