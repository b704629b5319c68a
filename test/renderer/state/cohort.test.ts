// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type {
  CohortCaseView,
  CohortEdit,
  CohortRole,
  CohortView,
} from '../../../src-main/api/contract/training.ts';
import { Cohort } from '../../../src-renderer/state/cohort.svelte.ts';

const one = (caseId: string, role: CohortRole, mutualInformation: number | null): CohortCaseView => ({
  caseId,
  label: caseId,
  role,
  reason: null,
  spacingMm: [1, 1, 2.5],
  slices: 24,
  mutualInformation,
  trustedShare: null,
});

/** A workspace in memory; `gate` holds answers back, `broken` refuses to save. */
function world() {
  let held: CohortCaseView[] = [one('c2', 'train', 0.5), one('c10', 'train', 0.7), one('c1', 'train', null), one('c3', 'meta', 0.6)]; // prettier-ignore
  const said: string[] = [];
  const puts: CohortEdit[][] = [];
  const switches = { broken: false, gate: Promise.resolve() };
  const cohort = new Cohort({
    get: async () => ({ cases: held }),
    put: async (_path, body): Promise<CohortView> => {
      const { cases } = body as { cases: CohortEdit[] };
      puts.push(cases);
      await switches.gate;
      if (switches.broken) throw new Error('disk full');
      held = held.map((before) => {
        const edit = cases.find(({ caseId }) => caseId === before.caseId);
        return edit ? { ...before, role: edit.role, reason: edit.reason ?? null } : before;
      });
      return { cases: held };
    },
    fail: (error, what) => said.push(`${what} ${String(error)}`),
  });
  const role = (caseId: string) => cohort.cases.find((case_) => case_.caseId === caseId)?.role;
  return { cohort, said, puts, switches, role, held: () => held };
}

describe('the cohort', () => {
  test('is ranked by mutual information at first; unknown comes last, either way', async () => {
    const { cohort } = world();
    await cohort.load();
    expect(cohort.rows.map(({ caseId }) => caseId)).toEqual(['c10', 'c3', 'c2', 'c1']);
    cohort.sortBy('mutualInformation');
    expect(cohort.rows.map(({ caseId }) => caseId)).toEqual(['c2', 'c3', 'c10', 'c1']);
    cohort.sortBy('label');
    expect(cohort.rows.map(({ caseId }) => caseId)).toEqual(['c1', 'c2', 'c3', 'c10']);
  });

  test('a change shows before it is saved, and the counts follow', async () => {
    const { cohort, switches, role } = world();
    await cohort.load();
    let open = (): void => undefined;
    switches.gate = new Promise((resolve) => (open = resolve));
    cohort.assign(['c2', 'c10'], 'meta');
    expect([role('c2'), role('c10')]).toEqual(['meta', 'meta']);
    expect(cohort.counts).toEqual({ train: 1, meta: 3, test: 0, excluded: 0 });
    expect(cohort.saving).toBe(true);
    open();
    await cohort.settled();
    expect(cohort.saving).toBe(false);
  });

  test('changes made while one is being saved are sent once, the newest', async () => {
    const { cohort, switches, puts, held } = world();
    await cohort.load();
    let open = (): void => undefined;
    switches.gate = new Promise((resolve) => (open = resolve));
    cohort.assign(['c2'], 'meta');
    cohort.assign(['c10'], 'test');
    cohort.assign(['c1'], 'test');
    open();
    await cohort.settled();
    expect(puts).toHaveLength(2);
    expect(held().map(({ role }) => role)).toEqual(['meta', 'test', 'test', 'meta']);
  });

  test('what cannot be saved is taken back, and said', async () => {
    const { cohort, switches, said, role } = world();
    await cohort.load();
    switches.broken = true;
    cohort.assign(['c2'], 'test');
    await cohort.settled();
    expect(role('c2')).toBe('train');
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('disk full');
    expect(cohort.canUndo).toBe(false);
  });

  test('excluding asks for the reason, and keeps it', async () => {
    const { cohort, puts, held } = world();
    await cohort.load();
    cohort.assign(['c2', 'c3'], 'excluded');
    expect(cohort.asking).toEqual(['c2', 'c3']);
    expect(puts).toHaveLength(0);
    cohort.assign(['c2', 'c3'], 'excluded', 'hip prosthesis');
    await cohort.settled();
    expect(cohort.asking).toBeNull();
    expect(held().filter(({ reason }) => reason === 'hip prosthesis')).toHaveLength(2);
    cohort.assign(['c2'], 'train');
    await cohort.settled();
    expect(held().find(({ caseId }) => caseId === 'c2')?.reason).toBeNull();
  });

  test('undo and redo go back and forth and are saved', async () => {
    const { cohort, role, held } = world();
    await cohort.load();
    cohort.assign(['c2'], 'meta');
    cohort.assign(['c10'], 'excluded', 'gap');
    cohort.undo();
    expect(role('c10')).toBe('train');
    cohort.undo();
    expect(role('c2')).toBe('train');
    expect(cohort.canUndo).toBe(false);
    cohort.redo();
    await cohort.settled();
    expect(held().find(({ caseId }) => caseId === 'c2')?.role).toBe('meta');
    cohort.assign(['c1'], 'test');
    expect(cohort.canRedo).toBe(false);
    await cohort.settled();
  });

  test('rows are chosen by click, with Ctrl one by one, with Shift as a stretch of what is shown', async () => {
    const { cohort } = world();
    await cohort.load();
    const { selection } = cohort;
    selection.pick('c10');
    selection.pick('c2', { stretch: true });
    expect([...selection.ids]).toEqual(['c10', 'c3', 'c2']);
    selection.pick('c3', { add: true });
    expect([...selection.ids].sort()).toEqual(['c10', 'c2']);
    selection.pick('c1');
    selection.walk(-1, true);
    expect([...selection.ids].sort()).toEqual(['c1', 'c2']);
    selection.walk(-99, false);
    expect([...selection.ids]).toEqual(['c10']);
  });
});
