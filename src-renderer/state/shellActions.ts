/** What can be done from everywhere. */
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import { railDesks } from './desks.ts';
import { imports } from './imports.svelte.ts';
import { isOver, jobs } from './jobs.svelte.ts';
import { notifyError } from './notices.svelte.ts';
import { overlays } from './overlays.svelte.ts';
import { pickFiles } from './pickFiles.ts';

const themes = ['system', 'light', 'dark'] as const;

function nextTheme(): void {
  const at = themes.indexOf(app.settings.theme);
  void app.change({ theme: themes[(at + 1) % themes.length] ?? 'system' });
}

function cancelNewest(): void {
  const job = jobs.running[0];
  if (job) void jobs.cancel(job.jobId, job.status === 'stopping').catch(notifyError);
}

export const shellActions: readonly Action[] = [
  { id: 'palette', key: 'Mod+K', label: 'shell.action.palette', run: () => overlays.show('palette') },
  { id: 'shortcuts', key: '?', label: 'shell.action.shortcuts', run: () => overlays.show('shortcuts') },
  {
    id: 'jobs',
    key: 'J',
    label: 'shell.action.jobs',
    run: () => (jobs.trayOpen = !jobs.trayOpen),
  },
  {
    id: 'cancel',
    key: 'Mod+.',
    label: 'shell.action.cancel',
    run: cancelNewest,
    enabled: () => jobs.list.some((job) => !isOver(job)) || t('shell.nothingRuns'),
  },
  { id: 'open-folder', key: 'Mod+O', label: 'shell.action.openFolder', run: () => pickFiles('folder') },
  { id: 'open-files', key: 'Mod+Shift+O', label: 'shell.action.openFiles', run: () => pickFiles('files') },
  { id: 'query', key: 'Mod+Shift+F', label: 'shell.action.query', run: () => overlays.show('query') },
  { id: 'phantom', key: 'G P', label: 'shell.action.phantom', run: () => imports.phantom() },
  { id: 'start', key: 'G H', label: 'shell.go.start', run: () => app.go('start') },
  ...railDesks.map(({ id, key }): Action => ({
    id: `go-${id}`,
    key,
    label: `shell.go.${id}`,
    run: () => app.go(id),
  })),
  { id: 'go-compare', key: 'G C', label: 'shell.go.compare', run: () => app.go('compare') },
  { id: 'theme', key: 'Mod+Shift+L', label: 'shell.action.theme', run: nextTheme },
];
