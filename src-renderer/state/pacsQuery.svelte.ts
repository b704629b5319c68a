/** Looking for studies at a node: what is asked, what was found, what is to be fetched. */
import type { RetrieveTarget } from '../../src-main/api/contract/jobs.ts';
import type { PacsQuery, PacsSeries, PacsStudies, PacsStudy } from '../../src-main/api/contract/network.ts';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { client, ClientError, isAbort, request } from '../lib/client.ts';
import { errorText, t } from '../lib/i18n.svelte.ts';
import { imports } from './imports.svelte.ts';
import { network } from './network.svelte.ts';

const empty = { patientName: '', patientId: '', dateFrom: '', dateTo: '', modality: '', accessionNumber: '' };

class PacsQueryDesk {
  nodeId = $state('');
  fields = $state({ ...empty });
  searching = $state(false);
  /** Null before the first search. */
  studies = $state.raw<readonly PacsStudy[] | null>(null);
  /** The node has more than those. */
  truncated = $state(false);
  /** Series of studies that were unfolded once; null while they are asked for. What is ticked stays ticked when its study is folded. */
  readonly series = new SvelteMap<string, readonly PacsSeries[] | null>();
  /** Studies whose series are shown. */
  readonly unfolded = new SvelteSet<string>();
  /** What is to be fetched: UIDs of studies, and of series of studies that are not fetched whole. */
  readonly chosen = new SvelteSet<string>();
  /** Why the last search failed, for people. */
  problem = $state.raw<string | null>(null);
  #controller = new AbortController();

  /** Gets ready for a dialog that opens: the node of the last time if it is still there. */
  async begin(): Promise<void> {
    this.#keepNode();
    await network.load();
    this.#keepNode();
  }

  chooseNode(nodeId: string): void {
    this.#forget();
    this.nodeId = nodeId;
  }

  async search(): Promise<void> {
    this.#forget();
    if (this.nodeId === '') {
      this.problem = t('network.query.chooseNode');
      return;
    }
    this.searching = true;
    const { signal } = this.#controller;
    const asked: PacsQuery = Object.fromEntries(
      Object.entries(this.fields)
        .map(([name, value]) => [name, value.trim()] as const)
        .filter(([, value]) => value !== ''),
    );
    try {
      const answer = await request(`${this.#path()}/studies`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
        signal,
      });
      const { studies, truncated } = (await answer.json()) as PacsStudies;
      this.truncated = truncated;
      this.studies = studies.toSorted((a, b) => b.studyDate.localeCompare(a.studyDate));
    } catch (error) {
      if (!isAbort(error)) this.problem = error instanceof ClientError ? errorText(error) : String(error);
    } finally {
      if (!signal.aborted) this.searching = false;
    }
  }

  /** Ends a search, and what was found stays away. */
  stop(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.searching = false;
  }

  /** Shows or hides the series of a study. */
  async toggleSeries(studyInstanceUid: string): Promise<void> {
    if (this.unfolded.delete(studyInstanceUid)) return;
    this.unfolded.add(studyInstanceUid);
    if (this.series.has(studyInstanceUid)) return;
    this.series.set(studyInstanceUid, null);
    try {
      const path = `${this.#path()}/studies/${encodeURIComponent(studyInstanceUid)}/series`;
      const series = await client.get<PacsSeries[]>(path);
      if (this.series.has(studyInstanceUid)) this.series.set(studyInstanceUid, series);
    } catch (error) {
      this.series.delete(studyInstanceUid);
      this.unfolded.delete(studyInstanceUid);
      this.problem = error instanceof ClientError ? errorText(error) : String(error);
    }
  }

  choose(uid: string, isChosen: boolean): void {
    if (isChosen) this.chosen.add(uid);
    else this.chosen.delete(uid);
  }

  /** Whole studies, and the series chosen of others. */
  targets(): RetrieveTarget[] {
    const studies = (this.studies ?? []).filter(({ studyInstanceUid }) => this.chosen.has(studyInstanceUid));
    const whole = new Set(studies.map(({ studyInstanceUid }) => studyInstanceUid));
    const parts = [...this.series.values()]
      .flatMap((series) => series ?? [])
      .filter(({ studyInstanceUid, seriesInstanceUid }) => {
        return !whole.has(studyInstanceUid) && this.chosen.has(seriesInstanceUid);
      });
    return [
      ...[...whole].map((studyInstanceUid) => ({ studyInstanceUid })),
      ...parts.map(({ studyInstanceUid, seriesInstanceUid }) => ({ studyInstanceUid, seriesInstanceUid })),
    ];
  }

  /** Fetches what is chosen; it is imported and opened like anything dropped. */
  retrieve(): void {
    const targets = this.targets();
    if (targets.length === 0) return;
    imports.retrieve(this.nodeId, targets);
    this.chosen.clear();
  }

  #keepNode(): void {
    if (!network.nodes.some(({ nodeId }) => nodeId === this.nodeId))
      this.chooseNode(network.nodes[0]?.nodeId ?? '');
  }

  #path(): string {
    return `/api/network/nodes/${encodeURIComponent(this.nodeId)}`;
  }

  #forget(): void {
    this.stop();
    this.studies = null;
    this.truncated = false;
    this.series.clear();
    this.unfolded.clear();
    this.chosen.clear();
    this.problem = null;
  }
}

export const pacsQuery = new PacsQueryDesk();
