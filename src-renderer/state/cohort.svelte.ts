/**
 * The cohort: which case is for what. A change shows at once and is saved at once; if it cannot be saved, the table goes back to what the
 * workspace holds and says so. Undo and redo go through the same door.
 */
import type { CohortCaseView, CohortRole, CohortView } from '../../src-main/api/contract/training.ts';
import {
  countRoles,
  editsOf,
  rolesFrom,
  sortCases,
  withRole,
  type CohortColumn,
  type CohortSort,
} from '../lib/cohortRows.ts';
import { t } from '../lib/i18n.svelte.ts';
import { CohortSelection } from './cohortSelection.svelte.ts';

export interface CohortPorts {
  get(path: string): Promise<CohortView>;
  put(path: string, body: unknown): Promise<CohortView>;
  /** Says why something failed, in words. */
  fail(error: unknown, what: string): void;
}

/** Roles of every case before and after a change. */
interface Change {
  readonly before: readonly CohortCaseView[];
  readonly after: readonly CohortCaseView[];
}

const deepest = 100;

export class Cohort {
  cases = $state.raw<readonly CohortCaseView[]>([]);
  /** Whether the cohort has been read. */
  loaded = $state(false);
  saving = $state(false);
  sort = $state.raw<CohortSort>({ column: 'mutualInformation', descending: true });
  readonly counts = $derived(countRoles(this.cases));
  readonly rows = $derived(sortCases(this.cases, this.sort));
  readonly selection = new CohortSelection(() => this.rows);
  /** Cases whose exclusion waits for a reason; null when nothing is asked. */
  asking = $state.raw<readonly string[] | null>(null);

  #undo = $state.raw<readonly Change[]>([]);
  #redo = $state.raw<readonly Change[]>([]);
  readonly canUndo = $derived(this.#undo.length > 0);
  readonly canRedo = $derived(this.#redo.length > 0);

  readonly #ports: CohortPorts;
  /** What the workspace is known to hold. */
  #saved: readonly CohortCaseView[] = [];
  /** Roles that still have to be sent; only the newest is. */
  #waiting: readonly CohortCaseView[] | null = null;
  #sending: Promise<void> | null = null;

  constructor(ports: CohortPorts) {
    this.#ports = ports;
  }

  /** Reads the cohort; roles that are being saved stay as the person left them. */
  async load(): Promise<void> {
    try {
      const { cases } = await this.#ports.get('/api/cohort');
      this.#saved = cases;
      this.cases = this.#sending ? rolesFrom(this.cases, cases) : cases;
      this.selection.keep(cases);
      this.loaded = true;
    } catch (error) {
      this.#ports.fail(error, t('train.cohort.notRead'));
    }
  }

  sortBy(column: CohortColumn): void {
    const first = column === 'mutualInformation' || column === 'trustedShare' || column === 'slices';
    const same = this.sort.column === column;
    this.sort = { column, descending: same ? !this.sort.descending : first };
  }

  /** Gives the cases a role; `excluded` without a reason asks for one first. */
  assign(ids: readonly string[], role: CohortRole, reason?: string): void {
    const wanted = this.cases.filter(({ caseId }) => ids.includes(caseId));
    const changing = wanted.filter(
      (one) => one.role !== role || (reason !== undefined && one.reason !== reason),
    );
    if (changing.length === 0) return;
    if (role === 'excluded' && reason === undefined) {
      this.asking = changing.map(({ caseId }) => caseId);
      return;
    }
    this.asking = null;
    const after = withRole(
      this.cases,
      changing.map(({ caseId }) => caseId),
      role,
      reason ?? null,
    );
    this.#undo = [...this.#undo, { before: this.cases, after }].slice(-deepest);
    this.#redo = [];
    this.#change(after);
  }

  undo(): void {
    const change = this.#undo.at(-1);
    if (!change) return;
    this.#undo = this.#undo.slice(0, -1);
    this.#redo = [...this.#redo, change];
    this.#change(rolesFrom(change.before, this.cases));
  }

  redo(): void {
    const change = this.#redo.at(-1);
    if (!change) return;
    this.#redo = this.#redo.slice(0, -1);
    this.#undo = [...this.#undo, change];
    this.#change(rolesFrom(change.after, this.cases));
  }

  /** Resolves when everything is saved. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  #change(cases: readonly CohortCaseView[]): void {
    this.cases = cases;
    this.#waiting = cases;
    this.#sending ??= this.#send();
  }

  async #send(): Promise<void> {
    this.saving = true;
    try {
      while (this.#waiting) {
        const sent: readonly CohortCaseView[] = this.#waiting;
        this.#waiting = null;
        const { cases } = await this.#ports.put('/api/cohort', { cases: editsOf(sent) });
        this.#saved = cases;
      }
      this.cases = this.#saved;
    } catch (error) {
      this.#waiting = null;
      this.#undo = [];
      this.#redo = [];
      this.cases = this.#saved;
      this.#ports.fail(error, t('train.cohort.notSaved'));
    } finally {
      this.saving = false;
      this.#sending = null;
    }
  }
}
