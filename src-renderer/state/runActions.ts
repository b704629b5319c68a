/** Everything the Train desk can do by key; each says why it cannot where it cannot. */
import type { Action } from '../lib/actions.svelte.ts';
import { cohortRoles } from '../lib/cohortRows.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import type { runDesk } from './runDesk.svelte.ts';

const unless = (problem: boolean, key: string): true | string => (problem ? t(key) : true);

export function trainActions(desk: typeof runDesk): Action[] {
  const { cohort, film, form, chart } = desk;
  const tooFew = (): true | string => unless(film.epochs.length < 2, 'train.film.tooFew');
  const slice = (by: number): void => film.chooseSlice(film.slice + by);
  const action = (id: string, key: string, run: () => void, enabled?: () => true | string): Action => ({
    id: `train.${id}`,
    key,
    label: `train.action.${id}`,
    run,
    ...(enabled && { enabled }),
  });
  return [
    ...cohortRoles.map((role, at) =>
      action(
        `role.${role}`,
        String(at + 1),
        () => cohort.assign(cohort.selection.ids, role),
        () => unless(cohort.selection.ids.length === 0, 'train.cohort.chooseFirst'),
      ),
    ),
    action('selectAll', 'Mod+A', () => cohort.selection.all()),
    action(
      'undo',
      'Mod+Z',
      () => cohort.undo(),
      () => unless(!cohort.canUndo, 'train.cohort.nothingToUndo'),
    ),
    action(
      'redo',
      'Mod+Shift+Z',
      () => cohort.redo(),
      () => unless(!cohort.canRedo, 'train.cohort.nothingToRedo'),
    ),
    action(
      'rank',
      'R',
      () => void desk.rank(),
      () => unless(desk.rankJob !== null, 'train.cohort.ranking'),
    ),
    action('form', 'N', () => (desk.panel = 'form')),
    action('runs', 'U', () => (desk.panel = 'runs')),
    action('compare', 'C', () => app.go('compare')),
    action('settings', 'T', () => (desk.asking = 'settings')),
    action(
      'start',
      'Mod+Enter',
      () => void form.start(),
      () => form.ready(),
    ),
    action(
      'pause',
      'P',
      () => void (desk.job ? desk.pause() : desk.resume()),
      () => unless(!desk.job && desk.status !== 'stopped', 'train.run.nothingRuns'),
    ),
    action(
      'stop',
      'Shift+S',
      () => (desk.asking = 'stop'),
      () => unless(!desk.job, 'train.run.nothingRuns'),
    ),
    action(
      'release',
      'M',
      () => (desk.asking = 'release'),
      () => unless(desk.status !== 'finished' || desk.job !== null, 'train.release.notYet'),
    ),
    action('play', 'Space', () => (film.playing ? film.pause() : film.play()), tooFew),
    action('previous', 'ArrowLeft', () => void film.seek(film.place - 1), tooFew),
    action('next', 'ArrowRight', () => void film.seek(film.place + 1), tooFew),
    action('first', 'Home', () => void film.seek(0), tooFew),
    action('last', 'End', () => void film.seek(Infinity), tooFew),
    action('sliceUp', 'PageUp', () => slice(-1)),
    action('sliceDown', 'PageDown', () => slice(1)),
    action('maximise', 'X', () => (desk.stage.maximised = desk.stage.maximised ? null : 'weight')),
    action('resetViews', 'V', () => desk.stage.reset()),
    action('export', 'E', () => (desk.asking = 'export'), tooFew),
    action('log', 'Y', () => (chart.logarithmic = !chart.logarithmic)),
    action('zoomIn', '+', () => chart.zoomBy(0.5, desk.run.log.lastStep)),
    action('zoomOut', '-', () => chart.zoomBy(2, desk.run.log.lastStep)),
    action('zoomAll', '0', () => (chart.zoom = null)),
  ];
}
