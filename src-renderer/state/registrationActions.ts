/** The keys of registering, and those that move the CT while it is in hand: they come before the desk's own. */
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import type { ViewPlane } from '../lib/viewPlane.ts';
import { cursor } from './cursor.svelte.ts';
import { nudge } from './nudge.svelte.ts';
import { registration } from './registration.svelte.ts';
import { viewer } from './viewer.svelte.ts';

function action(id: string, key: string, run: () => void, enabled?: () => true | string): Action {
  return {
    id: `register.${id}`,
    key,
    label: `register.action.${id}`,
    run,
    ...(enabled ? { enabled } : {}),
  };
}

export const registrationActions: readonly Action[] = [
  action('start', 'Shift+M', () => void registration.start(), () => registration.searchObstacle ?? true),
  action('nudge', 'Shift+N', () => nudge.begin(), () => registration.obstacle ?? true),
]; // prettier-ignore

/** Along one axis of the view in front. */
function shift(axis: 'right' | 'up' | 'normal', steps: number): () => void {
  return () => {
    const plane = activePlane();
    if (plane) nudge.shift(plane[axis], steps);
  };
}

/** In the view in front, about the cursor; positive turns against the clock. */
function turn(steps: number): () => void {
  return () => {
    const plane = activePlane();
    if (plane && cursor.lps) nudge.turn(plane.normal, steps, cursor.lps);
  };
}

const activePlane = (): ViewPlane | undefined => viewer.planes?.[viewer.active.plane];

export const nudgeActions: readonly Action[] = [
  action('left', 'ArrowLeft', shift('right', -1)),
  action('right', 'ArrowRight', shift('right', 1)),
  action('up', 'ArrowUp', shift('up', 1)),
  action('down', 'ArrowDown', shift('up', -1)),
  action('nearer', 'Shift+ArrowUp', shift('normal', 1)),
  action('farther', 'Shift+ArrowDown', shift('normal', -1)),
  action('turnLeft', ',', turn(1)),
  action('turnRight', '.', turn(-1)),
  action('fine', 'F', () => (nudge.step = nudge.step === 'fine' ? 'coarse' : 'fine')),
  action('undo', 'Mod+Z', () => nudge.undo(), () => (nudge.canUndo ? true : t('synthesize.measure.nothingToUndo'))),
  action('redo', 'Mod+Shift+Z', () => nudge.redo(), () => (nudge.canRedo ? true : t('synthesize.measure.nothingToRedo'))),
  action('reset', 'Shift+R', () => nudge.reset(), () => (nudge.isChanged ? true : t('register.unchanged'))),
  action('save', 'Enter', () => void registration.save(), () => (nudge.isChanged ? (registration.obstacle ?? true) : t('register.unchanged'))),
  action('leave', 'Escape', () => nudge.end()),
]; // prettier-ignore
