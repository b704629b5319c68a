/**
 * Keys as actions name them: `j`, `?`, `Space`, `ArrowUp`, `Shift+ArrowUp`, `Mod+K` (⌘ on a Mac, Ctrl elsewhere), `G L` (G, then L).
 * Letters are upper case here; Shift counts with letters and named keys, not with signs that need it to be typed.
 */
import { t } from './i18n.svelte.ts';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** One stroke in the spelling above; null for a bare modifier. */
export function strokeOf(event: KeyboardEvent): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'Dead', 'Unidentified'].includes(event.key)) return null;
  const named = event.key === ' ' ? 'Space' : event.key;
  const isSign = named.length === 1 && named.toUpperCase() === named.toLowerCase();
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && !isSign) parts.push('Shift');
  return [...parts, named.length === 1 ? named.toUpperCase() : named].join('+');
}

/** The same spelling for what an action wrote: `mod+k` and `Mod+K` are one key. */
export function normalizeKey(key: string): string {
  return key
    .split(' ')
    .map((stroke) => {
      if (stroke === '+') return stroke;
      const at = stroke.lastIndexOf('+', stroke.length - 2);
      const last = stroke.slice(at + 1);
      const modifiers = at < 0 ? [] : stroke.slice(0, at).split('+');
      const ordered = ['Mod', 'Alt', 'Shift'].filter((name) =>
        modifiers.some((modifier) => modifier.toLowerCase() === name.toLowerCase()),
      );
      return [...ordered, last.length === 1 ? last.toUpperCase() : last].join('+');
    })
    .join(' ');
}

const macSymbols: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const symbols: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};
/** Keys whose name differs between keyboards. */
const named: Readonly<Record<string, string>> = {
  Mod: 'shell.key.ctrl',
  Shift: 'shell.key.shift',
  Delete: 'shell.key.delete',
  Space: 'shell.key.space',
  PageUp: 'shell.key.pageUp',
  PageDown: 'shell.key.pageDown',
  Home: 'shell.key.home',
  End: 'shell.key.end',
};

function capOf(name: string): string {
  const sign = (mac ? macSymbols[name] : undefined) ?? symbols[name];
  return sign ?? (named[name] === undefined ? name : t(named[name]));
}

/** A key for people: the strokes in order, each as its caps. */
export function keyCaps(key: string): string[][] {
  return normalizeKey(key)
    .split(' ')
    .map((stroke) => {
      const at = stroke === '+' ? -1 : stroke.lastIndexOf('+', stroke.length - 2);
      const modifiers = at < 0 ? [] : stroke.slice(0, at).split('+');
      const last = stroke.slice(at + 1);
      return [...modifiers, last].map(capOf);
    });
}

/** A key in one line: `⌘K`, `Ctrl K`, `G L`. */
export function keyLabel(key: string): string {
  return keyCaps(key)
    .map((caps) => caps.join(mac ? '' : ' '))
    .join(' ');
}

const typing = new Set(['text', 'search', 'number', 'email', 'password', 'tel', 'url']);

/** Whether a key belongs to what has the focus (text being typed, a list, a button's own Space) and not to an action. */
export function belongsToFocus(event: KeyboardEvent, stroke: string): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (
    stroke.startsWith('Mod+') &&
    !['Mod+Z', 'Mod+Shift+Z', 'Mod+A', 'Mod+C', 'Mod+V', 'Mod+X'].includes(stroke)
  )
    return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement && typing.has(target.type)) return true;
  const moves = /^(Arrow|Page|Home|End)/.test(stroke);
  if (target instanceof HTMLSelectElement) return moves || stroke.length === 1 || stroke === 'Space';
  if (target instanceof HTMLInputElement && target.type === 'range') return moves;
  if (target.getAttribute('role') === 'radio') return moves || stroke === 'Space';
  const presses = stroke === 'Space' || stroke === 'Enter';
  return (
    presses &&
    target.matches('button, a[href], summary, input, [role="button"], [role="switch"], [role="menuitem"]')
  );
}
