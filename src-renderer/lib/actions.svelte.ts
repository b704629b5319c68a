/**
 * Everything a person can do by key: views register their actions while they are shown; the palette, the shortcut sheet and
 * tooltips read them from here. One listener on the window runs them.
 */
import { untrack } from 'svelte';
import { belongsToFocus, normalizeKey, strokeOf } from './keys.ts';

export interface Action {
  readonly id: string;
  /** See `keys.ts`. Empty: in the palette only. */
  readonly key: string;
  /** Key of the text that names it, as a verb. */
  readonly label: string;
  run(): void;
  /** `true`, or why it cannot be done now (a text for people). */
  enabled?(): true | string;
}

export interface ActionGroup {
  /** `shell`, or a desk's name; the sheet shows `t('<scope>.actions')` above its keys. */
  readonly scope: string;
  readonly actions: readonly Action[];
}

/** How long the second stroke of a key such as `G L` may take, ms. */
const sequenceMs = 1200;

class Actions {
  groups = $state.raw<readonly ActionGroup[]>([]);
  private modals = 0;
  private pending = '';
  private pendingAt = 0;

  /** Called in effects, which must not run again because of it: hence untracked. */
  register(group: ActionGroup): () => void {
    untrack(() => (this.groups = [...this.groups, group]));
    return () => {
      untrack(() => (this.groups = this.groups.filter((other) => other !== group)));
    };
  }

  /** The action of an id, for tooltips and menus. */
  find(id: string): Action | undefined {
    return this.groups.flatMap(({ actions }) => actions).find((action) => action.id === id);
  }

  /** Keys rest while a modal dialog is open; call the result when it closes. */
  holdKeys(): () => void {
    this.modals += 1;
    let held = true;
    return () => {
      if (held) this.modals -= 1;
      held = false;
    };
  }

  /** Runs what the key stands for; the newest registration wins. */
  handle(event: KeyboardEvent): void {
    const stroke = strokeOf(event);
    if (stroke === null || event.defaultPrevented || this.modals > 0) return;
    if (belongsToFocus(event, stroke)) return;
    const prefix = event.timeStamp - this.pendingAt < sequenceMs ? this.pending : '';
    this.pending = '';
    const action = this.byKey(prefix ? `${prefix} ${stroke}` : stroke) ?? this.byKey(stroke);
    if (!action && this.startsSequence(stroke)) {
      this.pending = stroke;
      this.pendingAt = event.timeStamp;
      event.preventDefault();
      return;
    }
    if (!action) return;
    event.preventDefault();
    if ((action.enabled?.() ?? true) === true) action.run();
  }

  private byKey(key: string): Action | undefined {
    return this.groups
      .toReversed()
      .flatMap(({ actions }) => actions)
      .find((action) => action.key !== '' && normalizeKey(action.key) === key);
  }

  private startsSequence(stroke: string): boolean {
    return this.groups.some(({ actions }) =>
      actions.some((action) => normalizeKey(action.key).startsWith(`${stroke} `)),
    );
  }
}

export const actions = new Actions();

/** Adds a view's actions; call the result when it goes. */
export function registerActions(scope: string, list: readonly Action[]): () => void {
  return actions.register({ scope, actions: list });
}
