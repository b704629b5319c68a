// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { actions, registerActions, type Action } from '../../../src-renderer/lib/actions.svelte.ts';

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function register(...list: Partial<Action>[]): void {
  const full = list.map((action, at) => ({ id: String(at), key: '', label: 'x', run: vi.fn(), ...action }));
  disposals.push(registerActions('test', full));
}

function press(key: string, options: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...options });
  actions.handle(event);
  return event;
}

describe('actions', () => {
  it('runs what a key stands for and keeps the browser from acting on it', () => {
    const run = vi.fn();
    register({ key: 'Mod+K', run });
    expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it('lets the newest registration win, and the older one back when it goes', () => {
    const desk = vi.fn();
    const shell = vi.fn();
    register({ key: 'J', run: shell });
    const dispose = registerActions('desk', [{ id: 'j', key: 'j', label: 'x', run: desk }]);
    press('j');
    dispose();
    press('j');
    expect([desk.mock.calls.length, shell.mock.calls.length]).toEqual([1, 1]);
  });

  it('does not run what cannot be done now', () => {
    const run = vi.fn();
    register({ key: 'J', run, enabled: () => 'no study is open' });
    press('j');
    expect(run).not.toHaveBeenCalled();
  });

  it('waits for the second stroke of a sequence', () => {
    const run = vi.fn();
    const letter = vi.fn();
    register({ key: 'G L', run }, { key: 'L', run: letter });
    press('g');
    press('l');
    expect([run.mock.calls.length, letter.mock.calls.length]).toEqual([1, 0]);
    press('l');
    expect(letter).toHaveBeenCalledOnce();
  });

  it('rests while a dialog is open', () => {
    const run = vi.fn();
    register({ key: 'J', run });
    const release = actions.holdKeys();
    press('j');
    release();
    release();
    press('j');
    expect(run).toHaveBeenCalledOnce();
  });
});
