/**
 * Chooses the meta-validation set: the best-aligned share of the cases by mutual information (the abstract's top 11 %). A role a
 * person gave (`test`, `excluded`) stays. Mutual information also rewards contrast and field of view, so that a global ranking may
 * pick one centre only; `perCenter` takes the share from each centre.
 */

export type CaseRole = 'train' | 'meta' | 'test' | 'excluded';

export interface ScoredCase {
  readonly caseId: string;
  readonly center?: string;
  readonly role: CaseRole;
  /** Mutual information in nats; null when it could not be measured (no CT, no body). */
  readonly mutualInformation: number | null;
}

export interface RoleOptions {
  /** Share of the cases that become `meta`, rounded up. */
  readonly top: number;
  readonly perCenter?: boolean;
}

/** Case id → proposed role. In a group of two or more at least one case is left to train on. */
export function proposeRoles(
  cases: readonly ScoredCase[],
  { top, perCenter = false }: RoleOptions,
): Map<string, CaseRole> {
  const roles = new Map(
    cases.map(({ caseId, role }): [string, CaseRole] => [caseId, role === 'meta' ? 'train' : role]),
  );
  const groups = new Map<string, ScoredCase[]>();
  for (const scored of cases) {
    if (roles.get(scored.caseId) !== 'train' || scored.mutualInformation === null) continue;
    const group = perCenter ? (scored.center ?? '') : '';
    groups.set(group, [...(groups.get(group) ?? []), scored]);
  }
  for (const group of groups.values()) {
    // Rounding noise (0.11 · 100 = 11.000000000000002) must not add a case.
    const wanted = Math.ceil(top * group.length - 1e-9);
    const ranked = [...group].sort(byMutualInformation);
    for (const { caseId } of ranked.slice(0, Math.min(wanted, group.length - 1))) roles.set(caseId, 'meta');
  }
  return roles;
}

/** Most informative first; ties and unmeasured cases by id, so that the order does not depend on the input's. */
export function byMutualInformation(a: ScoredCase, b: ScoredCase): number {
  const difference = (b.mutualInformation ?? -Infinity) - (a.mutualInformation ?? -Infinity);
  if (difference > 0) return 1;
  return difference < 0 ? -1 : a.caseId.localeCompare(b.caseId, 'en');
}
