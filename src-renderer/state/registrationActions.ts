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

/** What is moved while a save or a search runs would be lost at its end. */
const free = (): true | string => registration.obstacle ?? true;
const whenFree =
  (isPossible: () => boolean, otherwise: string): (() => true | string) =>
  () =>
    isPossible() ? free() : t(otherwise);

export const nudgeActions: readonly Action[] = [
  action('left', 'ArrowLeft', shift('right', -1), free),
  action('right', 'ArrowRight', shift('right', 1), free),
  action('up', 'ArrowUp', shift('up', 1), free),
  action('down', 'ArrowDown', shift('up', -1), free),
  action('nearer', 'Shift+ArrowUp', shift('normal', 1), free),
  action('farther', 'Shift+ArrowDown', shift('normal', -1), free),
  action('turnLeft', ',', turn(1), free),
  action('turnRight', '.', turn(-1), free),
  action('fine', 'F', () => (nudge.step = nudge.step === 'fine' ? 'coarse' : 'fine')),
  action('undo', 'Mod+Z', () => nudge.undo(), whenFree(() => nudge.canUndo, 'synthesize.measure.nothingToUndo')),
  action('redo', 'Mod+Shift+Z', () => nudge.redo(), whenFree(() => nudge.canRedo, 'synthesize.measure.nothingToRedo')),
  action('reset', 'Shift+R', () => nudge.reset(), whenFree(() => nudge.isChanged, 'register.unchanged')),
  action('save', 'Enter', () => void registration.save(), whenFree(() => nudge.isChanged, 'register.unchanged')),
  action('leave', 'Escape', () => registration.leave(), free),
]; // prettier-ignore
