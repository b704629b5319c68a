/** The cohort as a table: counting, sorting and changing roles, without state. */
import type { CohortCaseView, CohortEdit, CohortRole } from '../../src-main/api/contract/training.ts';

/** In the order of the keys 1–4. */
export const cohortRoles: readonly CohortRole[] = ['train', 'meta', 'test', 'excluded'];

export const cohortColumns = [
  'label',
  'spacing',
  'slices',
  'mutualInformation',
  'trustedShare',
  'role',
] as const;
export type CohortColumn = (typeof cohortColumns)[number];

export interface CohortSort {
  readonly column: CohortColumn;
  readonly descending: boolean;
}

/** Cases of each role. */
export function countRoles(cases: readonly CohortCaseView[]): Record<CohortRole, number> {
  const counts: Record<CohortRole, number> = { train: 0, meta: 0, test: 0, excluded: 0 };
  for (const { role } of cases) counts[role]++;
  return counts;
}

/** Sorted; what is not known comes last either way, and equals stay in the order of their names. */
export function sortCases(
  cases: readonly CohortCaseView[],
  { column, descending }: CohortSort,
): CohortCaseView[] {
  const sign = descending ? -1 : 1;
  return [...cases].sort((a, b) => {
    const [left, right] = [sortValue(a, column), sortValue(b, column)];
    const byName = a.label.localeCompare(b.label, undefined, { numeric: true });
    if (left === null || right === null) return left === right ? byName : left === null ? 1 : -1;
    if (typeof left === 'string') return sign * byName;
    return sign * (left - Number(right)) || byName;
  });
}

function sortValue(one: CohortCaseView, column: CohortColumn): number | string | null {
  if (column === 'label') return one.label;
  if (column === 'role') return cohortRoles.indexOf(one.role);
  if (column === 'spacing')
    return one.spacingMm ? one.spacingMm[0] * one.spacingMm[1] * one.spacingMm[2] : null;
  return one[column];
}

/** The cases with `role` (and the reason given for it) for those in `ids`. */
export function withRole(
  cases: readonly CohortCaseView[],
  ids: readonly string[],
  role: CohortRole,
  reason: string | null = null,
): CohortCaseView[] {
  return cases.map((one) => (ids.includes(one.caseId) ? { ...one, role, reason } : one));
}

/** The roles and reasons of `from` put on the cases of `onto`: what an undo changes, while everything measured stays. */
export function rolesFrom(
  from: readonly CohortCaseView[],
  onto: readonly CohortCaseView[],
): CohortCaseView[] {
  const roles = new Map(from.map(({ caseId, role, reason }) => [caseId, { role, reason }]));
  return onto.map((one) => ({ ...one, ...roles.get(one.caseId) }));
}

/** What is sent: every case's role. */
export function editsOf(cases: readonly CohortCaseView[]): CohortEdit[] {
  return cases.map(({ caseId, role, reason }) => ({ caseId, role, ...(reason !== null && { reason }) }));
}

/** The places between two rows, both included, in the order shown. */
export function rowsBetween(rows: readonly CohortCaseView[], one: string, other: string): string[] {
  const [a, b] = [one, other].map((id) => rows.findIndex(({ caseId }) => caseId === id));
  if (a === undefined || b === undefined || a < 0 || b < 0) return [other];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ caseId }) => caseId);
}
