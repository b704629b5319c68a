/** Which rows of the cohort are chosen, as lists everywhere do it: click, Ctrl adds, Shift takes the stretch, arrows walk. */
import type { CohortCaseView } from '../../src-main/api/contract/training.ts';
import { rowsBetween } from '../lib/cohortRows.ts';

export interface PickKeys {
  /** Ctrl or ⌘. */
  readonly add?: boolean;
  /** Shift. */
  readonly stretch?: boolean;
}

export class CohortSelection {
  ids = $state.raw<readonly string[]>([]);
  /** The row that keys speak to. */
  at = $state<string | null>(null);
  #anchor: string | null = null;
  readonly #rows: () => readonly CohortCaseView[];

  constructor(rows: () => readonly CohortCaseView[]) {
    this.#rows = rows;
  }

  pick(caseId: string, { add = false, stretch = false }: PickKeys = {}): void {
    if (stretch) {
      const taken = rowsBetween(this.#rows(), this.#anchor ?? caseId, caseId);
      this.ids = add ? [...this.ids.filter((id) => !taken.includes(id)), ...taken] : taken;
    } else {
      const others = add ? this.ids.filter((id) => id !== caseId) : [];
      this.ids = add && this.ids.includes(caseId) ? others : [...others, caseId];
      this.#anchor = caseId;
    }
    this.at = caseId;
  }

  /** Walks `by` rows; with Shift the stretch grows. */
  walk(by: number, stretch: boolean): void {
    const rows = this.#rows();
    const from = rows.findIndex(({ caseId }) => caseId === this.at);
    const to = rows[Math.min(rows.length - 1, Math.max(0, from < 0 ? 0 : from + by))];
    if (to) this.pick(to.caseId, { stretch });
  }

  all(): void {
    this.ids = this.#rows().map(({ caseId }) => caseId);
  }

  clear(): void {
    this.ids = [];
    this.#anchor = null;
  }

  /** Forgets rows that are gone. */
  keep(cases: readonly CohortCaseView[]): void {
    const known = cases.map(({ caseId }) => caseId);
    this.ids = this.ids.filter((id) => known.includes(id));
    if (this.at !== null && !known.includes(this.at)) this.at = null;
  }
}
