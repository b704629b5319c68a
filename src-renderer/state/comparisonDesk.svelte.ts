/** The Compare page's state: what to compare, the comparison in front or the job that makes it, and those there are. It outlives the view. */
import type {
  ComparableRun,
  ComparisonFile,
  ComparisonSummary,
  ComparisonsView,
} from '../../src-main/api/contract/comparison.ts';
import type { CohortView } from '../../src-main/api/contract/training.ts';
import { client } from '../lib/client.ts';
import { t } from '../lib/i18n.svelte.ts';
import { saveFile } from '../lib/saveFile.ts';
import { app } from './app.svelte.ts';
import { ComparisonChoice } from './comparisonChoice.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';

const pathOf = (comparisonId: string): string => `/api/comparisons/${encodeURIComponent(comparisonId)}`;

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

class ComparisonDesk {
  list = $state.raw<readonly ComparisonSummary[]>([]);
  canPrint = $state(false);
  loaded = $state(false);
  /** Id of the comparison in front; one that is being made has its id already. */
  front = $state<string | null>(null);
  /** The file that is being fetched: a PDF is printed first. */
  saving = $state<ComparisonFile | null>(null);
  readonly choice = new ComparisonChoice((runs) => app.remember('compare.runs', runs));

  readonly shown = $derived(this.list.find(({ comparisonId }) => comparisonId === this.front) ?? null);
  readonly running = $derived(jobs.running.find(({ kind }) => kind === 'compare') ?? null);
  /** The job that makes, or should have made, the comparison in front. */
  readonly job = $derived(
    jobs.list.find(({ kind, subject }) => kind === 'compare' && subject === this.front) ?? null,
  );

  /** The view is shown: reads everything and listens; call the result when it goes. */
  open(): () => void {
    const stops = [
      app.onChanged('comparisons', () => void this.#loadList()),
      app.onChanged('runs', () => void this.#loadRuns()),
      app.onChanged('cohort', () => void this.#loadTests()),
    ];
    void this.#load();
    return () => {
      for (const stop of stops) stop();
    };
  }

  show(comparisonId: string | null): void {
    this.front = comparisonId;
    app.remember('compare.front', comparisonId);
  }

  /** Brings the comparison `by` places further down the list to the front. */
  move(by: number): void {
    const at = this.list.findIndex(({ comparisonId }) => comparisonId === this.front);
    const next = this.list[at < 0 ? 0 : Math.min(this.list.length - 1, Math.max(0, at + by))];
    if (next) this.show(next.comparisonId);
  }

  /** Whether a comparison can begin, or why not. */
  ready(): true | string {
    return this.running ? t('compare.runs.busy') : this.choice.ready();
  }

  async start(): Promise<void> {
    const runs = this.choice.chosen.map(({ run }) => run);
    const cases = this.choice.tests.map(({ caseId }) => caseId);
    try {
      this.show((await jobs.start({ kind: 'compare', runs, cases })).subject);
    } catch (error) {
      notifyError(error);
    }
  }

  /** Gives the person a file of the comparison in front. */
  async save(name: ComparisonFile): Promise<void> {
    const id = this.shown?.comparisonId;
    if (id === undefined || this.saving !== null) return;
    this.saving = name;
    try {
      const { bytes, headers } = await client.bytes(`${pathOf(id)}/files/${name}`);
      const type = headers.get('content-type') ?? '';
      saveFile(new Blob([bytes], { type }), name.replace('comparison', id.replace(':', '-')));
    } catch (error) {
      notifyError(error);
    } finally {
      this.saving = null;
    }
  }

  /** Puts the comparison in front into the trash, from which the notice's button brings it back. */
  async remove(): Promise<void> {
    const gone = this.shown;
    if (!gone) return;
    try {
      await client.remove(pathOf(gone.comparisonId));
      this.show(null);
      const action = { label: t('shell.undo'), run: () => void this.restore(gone.comparisonId) };
      notify({ tone: 'info', text: t('compare.deleted'), action });
    } catch (error) {
      notifyError(error);
    }
  }

  async restore(comparisonId: string): Promise<void> {
    try {
      await client.post(`${pathOf(comparisonId)}/restore`, undefined, () => undefined);
      this.show(comparisonId);
    } catch (error) {
      notifyError(error);
    }
  }

  async #load(): Promise<void> {
    const first = !this.loaded;
    await Promise.all([this.#loadList(), this.#loadRuns(), this.#loadTests()]);
    if (!first) return;
    this.loaded = true;
    const remembered = app.recall('compare.front');
    const known = this.list.find(({ comparisonId }) => comparisonId === remembered) ?? this.list[0];
    this.front ??= this.running?.subject ?? known?.comparisonId ?? null;
    this.choice.choose(textsOf(app.recall('compare.runs')));
  }

  async #loadList(): Promise<void> {
    await client
      .get<ComparisonsView>('/api/comparisons')
      .then(({ comparisons, canPrint }) => {
        this.list = comparisons;
        this.canPrint = canPrint;
      })
      .catch(notifyError);
  }

  async #loadRuns(): Promise<void> {
    await client
      .get<ComparableRun[]>('/api/comparisons/runs')
      .then((runs) => (this.choice.runs = runs))
      .catch(notifyError);
  }

  async #loadTests(): Promise<void> {
    await client
      .get<CohortView>('/api/cohort')
      .then(({ cases }) => (this.choice.tests = cases.filter(({ role }) => role === 'test')))
      .catch(notifyError);
  }
}

export const comparisonDesk = new ComparisonDesk();
