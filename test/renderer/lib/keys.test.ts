// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { language } from '../../../src-renderer/lib/i18n.svelte.ts';
import { belongsToFocus, keyLabel, normalizeKey, strokeOf } from '../../../src-renderer/lib/keys.ts';

const press = (key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, ...modifiers });

describe('strokeOf', () => {
  it.each([
    ['k', { ctrlKey: true }, 'Mod+K'],
    ['Z', { ctrlKey: true, shiftKey: true }, 'Mod+Shift+Z'],
    ['?', { shiftKey: true }, '?'],
    ['ArrowUp', { shiftKey: true }, 'Shift+ArrowUp'],
    [' ', {}, 'Space'],
    ['Control', { ctrlKey: true }, null],
  ])('writes %j with %j as %s', (key, modifiers, stroke) => {
    expect(strokeOf(press(key, modifiers))).toBe(stroke);
  });
});

describe('normalizeKey', () => {
  it.each([
    ['mod+k', 'Mod+K'],
    ['Shift+Mod+z', 'Mod+Shift+Z'],
    ['g l', 'G L'],
    ['+', '+'],
    ['Mod++', 'Mod++'],
  ])('%s is %s', (key, normal) => {
    expect(normalizeKey(key)).toBe(normal);
  });
});

describe('keyLabel', () => {
  it('shows keys as caps, in the words of the language', () => {
    language.use('de');
    expect(keyLabel('Mod+Delete')).toBe('Strg Entf');
    language.use('en');
    expect(keyLabel('Mod+K')).toBe('Ctrl K');
    expect(keyLabel('G L')).toBe('G L');
    expect(keyLabel('PageUp')).toBe('Page ↑');
  });
});

describe('belongsToFocus', () => {
  function on(html: string, key: string, modifiers: KeyboardEventInit = {}): boolean {
    document.body.innerHTML = html;
    let belongs: boolean | undefined;
    const element = document.body.firstElementChild!;
    element.addEventListener('keydown', (event) => {
      belongs = belongsToFocus(event as KeyboardEvent, strokeOf(event as KeyboardEvent)!);
    });
    element.dispatchEvent(press(key, { bubbles: true, composed: true, ...modifiers }));
    return belongs!;
  }

  it.each([
    ['letters belong to a text field', '<input type="text">', 'j', {}, true],
    ['the palette opens from a text field', '<input type="text">', 'k', { ctrlKey: true }, false],
    ['undo belongs to a text field', '<input type="text">', 'z', { ctrlKey: true }, true],
    ['arrows belong to a slider', '<input type="range">', 'ArrowUp', {}, true],
    ['letters do not belong to a slider', '<input type="range">', 'j', {}, false],
    ['space presses a button', '<button></button>', ' ', {}, true],
    ['letters do not belong to a button', '<button></button>', 'j', {}, false],
  ])('%s', (_, html, key, modifiers, expected) => {
    expect(on(html, key, modifiers)).toBe(expected);
  });
});
