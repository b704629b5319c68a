/** The library: what is searched and sorted, which case is looked at, deletion with its undo. */
import type { CaseDetail, CaseSummary } from '../../src-main/api/contract/cases.ts';
import { client } from '../lib/client.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';

export type SortBy = 'label' | 'importedAt';

/** Whether every word typed is in the case's label, image names or id. */
export function matches(study: CaseSummary, typed: string): boolean {
  const text = [study.label, study.caseId, study.mr?.name, study.ct?.name].join(' ').toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

class Library {
  typed = $state('');
  sortBy = $state<SortBy>('importedAt');
  descending = $state(true);
  selectedId = $state<string | null>(null);
  /** Details of the selected case once they are there. */
  detail = $state.raw<CaseDetail | null>(null);

  readonly shown = $derived(
    app.cases
      .filter((study) => matches(study, this.typed))
      .sort((a, b) => {
        const order = a[this.sortBy].localeCompare(b[this.sortBy], undefined, { numeric: true });
        return this.descending ? -order : order;
      }),
  );
  readonly selected = $derived(this.shown.find(({ caseId }) => caseId === this.selectedId) ?? null);

  sort(by: SortBy): void {
    this.descending = this.sortBy === by ? !this.descending : by === 'importedAt';
    this.sortBy = by;
  }

  select(caseId: string): void {
    this.selectedId = caseId;
    if (this.detail?.caseId !== caseId) this.detail = null;
    void this.readDetail(caseId);
  }

  /** Selects the row `by` rows further; the first where none is selected. */
  move(by: number): void {
    const at = this.shown.findIndex(({ caseId }) => caseId === this.selectedId);
    const next = this.shown[at < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, at + by))];
    if (next) this.select(next.caseId);
  }

  /** Puts a case into the trash, from which the notice's button brings it back. */
  async remove(study: CaseSummary): Promise<void> {
    try {
      await client.remove(`/api/cases/${study.caseId}`);
      if (app.caseId === study.caseId) app.closeCase();
      await app.refresh('cases');
      notify({
        tone: 'info',
        text: t('shell.library.deleted', { label: study.label }),
        action: { label: t('shell.undo'), run: () => void this.restore(study.caseId) },
      });
    } catch (error) {
      notifyError(error);
    }
  }

  async restore(caseId: string): Promise<void> {
    try {
      await client.post(`/api/cases/${caseId}/restore`, undefined, () => undefined);
      await app.refresh('cases');
      this.select(caseId);
    } catch (error) {
      notifyError(error);
    }
  }

  private async readDetail(caseId: string): Promise<void> {
    try {
      const detail = await client.get<CaseDetail>(`/api/cases/${caseId}`);
      if (this.selectedId === caseId) this.detail = detail;
    } catch (error) {
      notifyError(error);
    }
  }
}

export const library = new Library();
