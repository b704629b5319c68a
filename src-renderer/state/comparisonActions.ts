/** The Compare page's keys; `print` prints the report in front. */
import type { ComparisonFile } from '../../src-main/api/contract/comparison.ts';
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import type { comparisonDesk } from './comparisonDesk.svelte.ts';

/** What can be saved, with its key. */
export const comparisonExports = [
  { format: 'html', file: 'comparison.html', key: 'H' },
  { format: 'csv', file: 'comparison.csv', key: 'C' },
  { format: 'json', file: 'comparison.json', key: 'D' },
  { format: 'pdf', file: 'comparison.pdf', key: 'F' },
] as const satisfies readonly { format: string; file: ComparisonFile; key: string }[];

/** Why this file cannot be saved now, or true. */
export function canSave(desk: typeof comparisonDesk, file: ComparisonFile): true | string {
  if (!desk.shown) return t('compare.noneShown');
  if (file !== 'comparison.pdf') return true;
  if (desk.saving === file) return t('compare.printing');
  return desk.canPrint || t('compare.noChromium');
}

/** Why the comparison in front cannot be deleted, or true. */
export function canRemove({ shown }: typeof comparisonDesk): true | string {
  if (!shown) return t('compare.noneShown');
  return shown.origin === 'runs' || t('compare.ofExperiment');
}

export function comparisonActions(desk: typeof comparisonDesk, print: () => void): Action[] {
  const shown = (): true | string => desk.shown !== null || t('compare.noneShown');
  return [
    {
      id: 'compare.start',
      key: 'Mod+Enter',
      label: 'compare.action.start',
      run: () => void desk.start(),
      enabled: () => desk.ready(),
    },
    { id: 'compare.newer', key: 'N', label: 'compare.action.newer', run: () => desk.move(-1) },
    { id: 'compare.older', key: 'O', label: 'compare.action.older', run: () => desk.move(1) },
    ...comparisonExports.map(({ format, file, key }): Action => ({
      id: `compare.${format}`,
      key,
      label: `compare.action.${format}`,
      run: () => void desk.save(file),
      enabled: () => canSave(desk, file),
    })),
    { id: 'compare.print', key: 'Mod+P', label: 'compare.action.print', run: print, enabled: shown },
    {
      id: 'compare.remove',
      key: 'Delete',
      label: 'compare.action.remove',
      run: () => void desk.remove(),
      enabled: () => canRemove(desk),
    },
    { id: 'compare.back', key: 'B', label: 'compare.action.back', run: () => app.go('train') },
  ];
}
