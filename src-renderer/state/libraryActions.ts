/** The library's keys. */
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import { library } from './library.svelte.ts';

const needsSelection = (): true | string => library.selected !== null || t('shell.library.selectFirst');

function openIn(desk: 'synthesize' | 'bone'): void {
  if (library.selected) app.openCase(library.selected.caseId, desk);
}

/** `focusSearch` puts the caret into the search field. */
export function libraryActions(focusSearch: () => void): readonly Action[] {
  return [
    { id: 'search', key: '/', label: 'shell.library.search', run: focusSearch },
    { id: 'next', key: 'ArrowDown', label: 'shell.library.next', run: () => library.move(1) },
    { id: 'previous', key: 'ArrowUp', label: 'shell.library.previous', run: () => library.move(-1) },
    {
      id: 'open',
      key: 'Enter',
      label: 'shell.library.open',
      run: () => openIn('synthesize'),
      enabled: needsSelection,
    },
    {
      id: 'bone',
      key: 'B',
      label: 'shell.library.openBone',
      run: () => openIn('bone'),
      enabled: needsSelection,
    },
    {
      id: 'delete',
      key: 'Delete',
      label: 'shell.library.delete',
      run: () => {
        if (library.selected) void library.remove(library.selected);
      },
      enabled: needsSelection,
    },
  ];
}
