/** Bringing the CT of the open case onto its MR: the job that searches, the placement by hand that is saved, and going back. */
import type { JobSnapshot, JobStart } from '../../src-main/api/contract/jobs.ts';
import { client } from '../lib/client.ts';
import { t } from '../lib/i18n.svelte.ts';
import { compare, type CompareMode } from './compare.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';
import { nudge } from './nudge.svelte.ts';
import { study } from './study.svelte.ts';

class Registration {
  /** The running job of the open case. */
  readonly job: JobSnapshot | null = $derived(
    jobs.running.find(({ kind, subject }) => kind === 'register' && subject === study.caseId) ?? null,
  );
  readonly hasPair: boolean = $derived(Boolean(study.detail?.mr && study.detail.ct));
  /** From asking for a search or a save until its end is shown. */
  #busy = $state(false);
  /** Whether the files say that MR and CT do not share a space, and nobody has brought them together. */
  readonly isNeeded: boolean = $derived(
    study.detail?.findings.some(({ code }) => code === 'ct-not-registered') ?? false,
  );

  /** Why nothing can be registered now, for people; null when it can. */
  get obstacle(): string | null {
    if (study.caseId === null) return t('synthesize.generate.noCase');
    if (!this.hasPair) return t('register.noPair');
    if (this.job || this.#busy) return t('register.running');
    return null;
  }

  /** Why the search cannot start, for people; null when it can. */
  get searchObstacle(): string | null {
    return this.obstacle ?? (nudge.isChanged ? t('register.unsaved') : null);
  }

  /** Searches by mutual information. */
  async start(): Promise<void> {
    const { caseId } = study;
    if (caseId === null || this.searchObstacle !== null) return;
    await this.#run({ kind: 'register', caseId });
  }

  /** Keeps the CT where it has been put by hand. */
  async save(): Promise<void> {
    const { caseId } = study;
    if (caseId === null || !nudge.current || !nudge.isChanged || this.obstacle !== null) return;
    await this.#run({ kind: 'register', caseId, placement: nudge.current });
  }

  /** Lets go of the CT in hand; moves that were not saved can be taken up again. */
  leave(): void {
    const takeUp = nudge.leave();
    if (!takeUp) return;
    const action = { label: t('register.takeUp'), run: takeUp };
    notify({ tone: 'info', text: t('register.left'), action });
  }

  /** Puts the CT where its own file has it. */
  async clear(): Promise<void> {
    const { caseId } = study;
    if (caseId === null || this.obstacle !== null) return;
    try {
      await client.remove(`/api/cases/${encodeURIComponent(caseId)}/registration`);
      await study.refresh();
    } catch (error) {
      notifyError(error);
    }
  }

  /** Shows MR and CT in one place. */
  show(mode: Extract<CompareMode, 'checker' | 'blend'>): void {
    compare.choosePair(['mr', 'ct']);
    compare.choose(mode);
  }

  async #run(start: JobStart & { kind: 'register' }): Promise<void> {
    this.#busy = true;
    try {
      const { jobId } = await jobs.start(start);
      const job = await jobs.finished(jobId);
      if (job.status !== 'done' || study.caseId !== start.caseId) return;
      await study.refresh();
      nudge.end();
      notify({ tone: 'ok', text: t(start.placement ? 'register.saved' : 'register.done') });
    } catch (error) {
      notifyError(error);
    } finally {
      this.#busy = false;
    }
  }
}

export const registration = new Registration();
