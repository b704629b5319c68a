// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { belongsToFocus, keyLabel, normalizeKey, strokeOf } from '../../../src-renderer/lib/keys.ts';

const press = (key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, ...modifiers });

describe('strokeOf', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'Mod+K'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z'],
    [press('?', { shiftKey: true }), '?'],
    [press('ArrowUp', { shiftKey: true }), 'Shift+ArrowUp'],
    [press(' '), 'Space'],
    [press('Control', { ctrlKey: true }), null],
  ])('%#: %s is written as %s', (event, stroke) => {
    expect(strokeOf(event)).toBe(stroke);
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
  it('shows keys as caps', () => {
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
