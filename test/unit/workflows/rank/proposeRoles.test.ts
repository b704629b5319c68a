import { describe, expect, it } from 'vitest';
import {
  byMutualInformation,
  proposeRoles,
  type CaseRole,
  type ScoredCase,
} from '../../../../src-main/workflows/rank/proposeRoles.ts';

const cases = (count: number, change: (n: number) => Partial<ScoredCase> = () => ({})): ScoredCase[] =>
  Array.from({ length: count }, (_value, n) => ({
    caseId: `case-${String(n).padStart(3, '0')}`,
    role: 'train',
    mutualInformation: n / count,
    ...change(n),
  }));
const withRole = (roles: Map<string, CaseRole>, role: CaseRole): string[] =>
  [...roles].filter(([, one]) => one === role).map(([caseId]) => caseId);

describe('proposeRoles', () => {
  it.each([
    [100, 11],
    [18, 2],
    [19, 3],
    [9, 1],
    [2, 1],
    [1, 0],
  ])('of %d cases makes %d meta', (count, expected) => {
    expect(withRole(proposeRoles(cases(count), { top: 0.11 }), 'meta')).toHaveLength(expected);
  });

  it('takes those with the highest mutual information', () => {
    expect(withRole(proposeRoles(cases(20), { top: 0.11 }), 'meta').sort()).toEqual([
      'case-017',
      'case-018',
      'case-019',
    ]);
  });

  it('keeps test and excluded, and does not count them', () => {
    const given = cases(20, (n) => (n === 19 ? { role: 'test' } : n === 18 ? { role: 'excluded' } : {}));
    const roles = proposeRoles(given, { top: 0.11 });
    expect(roles.get('case-019')).toBe('test');
    expect(roles.get('case-018')).toBe('excluded');
    expect(withRole(roles, 'meta').sort()).toEqual(['case-016', 'case-017']);
  });

  it('replaces an earlier proposal and ignores cases that could not be measured', () => {
    const roles = proposeRoles(
      cases(10, (n) => (n === 0 ? { role: 'meta' } : n === 9 ? { mutualInformation: null } : {})),
      { top: 0.11 },
    );
    expect(withRole(roles, 'meta')).toEqual(['case-008']);
    expect(roles.get('case-000')).toBe('train');
  });

  it('takes the share from each centre when asked', () => {
    const roles = proposeRoles(
      cases(20, (n) => ({ center: n < 10 ? 'A' : 'B' })),
      { top: 0.11, perCenter: true },
    );
    expect(withRole(roles, 'meta').sort()).toEqual(['case-008', 'case-009', 'case-018', 'case-019']);
  });
});

describe('byMutualInformation', () => {
  it('orders by value, then id, unmeasured last, whatever the input order', () => {
    const given: ScoredCase[] = [
      { caseId: 'c', role: 'train', mutualInformation: null },
      { caseId: 'b', role: 'train', mutualInformation: 0.5 },
      { caseId: 'd', role: 'train', mutualInformation: 0.9 },
      { caseId: 'a', role: 'train', mutualInformation: 0.5 },
    ];
    for (const order of [given, [...given].reverse()]) {
      expect([...order].sort(byMutualInformation).map(({ caseId }) => caseId)).toEqual(['d', 'a', 'b', 'c']);
    }
  });
});
