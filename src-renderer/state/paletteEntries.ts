/** What the palette offers: every registered action, then every case. */
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import type { ActionGroup } from '../lib/actions.svelte.ts';
import { fuzzyScore } from '../lib/fuzzy.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  /** Where it belongs. */
  readonly group: string;
  readonly key: string;
  /** Why it cannot be done now; null when it can. */
  readonly reason: string | null;
  run(): void;
}

export function paletteEntries(
  groups: readonly ActionGroup[],
  cases: readonly CaseSummary[],
): PaletteEntry[] {
  // The desk in front comes first: it registered last.
  const actions = groups.toReversed().flatMap(({ scope, actions: list }) =>
    list.map((action): PaletteEntry => {
      const enabled = action.enabled?.() ?? true;
      return {
        id: `${scope}/${action.id}`,
        label: t(action.label),
        group: t(`${scope}.actions`),
        key: action.key,
        reason: enabled === true ? null : enabled,
        run: () => action.run(),
      };
    }),
  );
  const studies = cases.map(({ caseId, label }): PaletteEntry => ({
    id: `case/${caseId}`,
    label,
    group: t('shell.palette.case'),
    key: '',
    reason: null,
    run: () => app.openCase(caseId),
  }));
  return [...actions, ...studies];
}

/** Those that fit, best first; in their own order while nothing is typed. */
export function rankEntries(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  return entries
    .flatMap((entry, at) => {
      const score = fuzzyScore(typed, entry.label);
      return score === null ? [] : [{ entry, at, score }];
    })
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ entry }) => entry);
}
