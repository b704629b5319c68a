// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, test } from 'vitest';
import type { CohortCaseView, CohortEdit, CohortRole } from '../../../../src-main/api/contract/training.ts';
import CohortTable from '../../../../src-renderer/components/train/CohortTable.svelte';
import RoleCounts from '../../../../src-renderer/components/train/RoleCounts.svelte';
import { Cohort } from '../../../../src-renderer/state/cohort.svelte.ts';

afterEach(cleanup);

const one = (caseId: string, role: CohortRole, mutualInformation: number): CohortCaseView => ({
  caseId,
  label: `Case ${caseId}`,
  role,
  reason: role === 'excluded' ? 'motion' : null,
  spacingMm: [1.25, 1.25, 2.5],
  slices: 80,
  mutualInformation,
  trustedShare: 0.83,
});

async function shown() {
  let held = [one('a', 'train', 0.7), one('b', 'train', 0.6), one('c', 'excluded', 0.5)];
  const cohort = new Cohort({
    get: async () => ({ cases: held }),
    put: async (_path, body) => {
      const { cases } = body as { cases: CohortEdit[] };
      held = held.map((row) => {
        const edit = cases.find(({ caseId }) => caseId === row.caseId)!;
        return { ...row, role: edit.role, reason: edit.reason ?? null };
      });
      return { cases: held };
    },
    fail: () => undefined,
  });
  await cohort.load();
  render(CohortTable, { cohort, dragging: false });
  const row = (label: string): HTMLElement => screen.getByText(label).closest('tr')!;
  return { cohort, row, roles: () => cohort.cases.map(({ role }) => role) };
}

describe('the table of pairs', () => {
  test('a row says what is known, with the reason of an exclusion', async () => {
    const { row } = await shown();
    expect(row('Case a').textContent).toMatch(/1\.25 × 1\.25 × 2\.5.*80.*0\.70.*83\s%/);
    expect(row('Case c').textContent).toContain('motion');
  });

  test('rows are chosen with Ctrl and walked by arrows', async () => {
    const { cohort, row } = await shown();
    await fireEvent.click(row('Case a'));
    await fireEvent.click(row('Case c'), { ctrlKey: true });
    expect(cohort.selection.ids).toEqual(['a', 'c']);
    await fireEvent.keyDown(row('Case c'), { key: 'ArrowUp', shiftKey: true });
    expect(cohort.selection.at).toBe('b');
    expect(row('Case b').getAttribute('aria-selected')).toBe('true');
    expect(document.activeElement).toBe(row('Case b'));
  });

  test('the list of roles on a chosen row changes all that are chosen', async () => {
    const { cohort, row, roles } = await shown();
    await fireEvent.click(row('Case a'));
    await fireEvent.click(row('Case b'), { ctrlKey: true });
    await fireEvent.change(screen.getByLabelText('Role of Case b'), { target: { value: 'meta' } });
    await cohort.settled();
    expect(roles()).toEqual(['meta', 'meta', 'excluded']);
  });

  test('headings sort, and say which way', async () => {
    const { cohort } = await shown();
    const heading = screen.getByRole('button', { name: /MI/ });
    expect(heading.closest('th')?.getAttribute('aria-sort')).toBe('descending');
    await fireEvent.click(heading);
    expect(heading.closest('th')?.getAttribute('aria-sort')).toBe('ascending');
    expect(cohort.rows.map(({ caseId }) => caseId)).toEqual(['c', 'b', 'a']);
  });

  test('dragging a row that is not chosen chooses it', async () => {
    const { cohort, row } = await shown();
    await fireEvent.click(row('Case a'));
    await fireEvent.dragStart(row('Case b'));
    expect(cohort.selection.ids).toEqual(['b']);
  });
});

describe('the roles above the table', () => {
  test('a drop gives the role; without chosen rows a press does nothing', async () => {
    const given: CohortRole[] = [];
    const counts = { train: 2, meta: 1, test: 0, excluded: 1 };
    const props = { counts, chosen: 0, dragging: true, onassign: (role: CohortRole) => given.push(role) };
    render(RoleCounts, props);
    await fireEvent.click(screen.getByRole('button', { name: /test/ }));
    await fireEvent.drop(screen.getByRole('button', { name: /meta/ }));
    expect(given).toEqual(['meta']);
  });
});
