// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Button from '../../../../src-renderer/components/shared/Button.svelte';
import NumberField from '../../../../src-renderer/components/shared/NumberField.svelte';
import ProgressBar from '../../../../src-renderer/components/shared/ProgressBar.svelte';
import Segmented from '../../../../src-renderer/components/shared/Segmented.svelte';
import Switch from '../../../../src-renderer/components/shared/Switch.svelte';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

beforeEach(() => language.use('en'));
afterEach(cleanup);

describe('Button', () => {
  it('stays reachable while it cannot be pressed, and says why', async () => {
    const onclick = vi.fn();
    render(Button, { children: words('Generate'), onclick, disabled: 'Choose a model first.' });
    const button = screen.getByRole('button');
    await fireEvent.click(button);
    expect(onclick).not.toHaveBeenCalled();
    expect(button).toHaveProperty('disabled', false);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    vi.useFakeTimers();
    await fireEvent.pointerEnter(button);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(document.querySelector('[role="tooltip"]')!.textContent).toBe('Choose a model first.');
    await fireEvent.pointerLeave(button);
    expect(document.querySelector('[role="tooltip"]')).toBeNull();
  });

  it('shows its key in the tooltip', async () => {
    render(Button, { children: words('Open'), onclick: vi.fn(), tip: 'Opens a folder', shortcut: 'Mod+O' });
    vi.useFakeTimers();
    await fireEvent.pointerEnter(screen.getByRole('button'));
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(document.querySelector('[role="tooltip"]')!.textContent).toBe('Opens a folderCtrlO');
  });
});

describe('Segmented', () => {
  const options = [
    { value: 'side', label: 'Side' },
    { value: 'wipe', label: 'Wipe', disabled: 'There is no CT.' },
    { value: 'blink', label: 'Blink' },
  ];

  it('moves by arrow keys over what cannot be chosen, and around', async () => {
    const onchange = vi.fn();
    render(Segmented, { value: 'side', options, label: 'Compare', onchange });
    const group = screen.getByRole('radiogroup');
    await fireEvent.keyDown(group, { key: 'ArrowRight' });
    await fireEvent.keyDown(group, { key: 'ArrowRight' });
    expect(onchange.mock.calls).toEqual([['blink'], ['side']]);
  });

  it('does not choose what is disabled', async () => {
    const onchange = vi.fn();
    render(Segmented, { value: 'side', options, label: 'Compare', onchange });
    await fireEvent.click(screen.getByRole('radio', { name: 'Wipe' }));
    expect(onchange).not.toHaveBeenCalled();
  });
});

describe('NumberField', () => {
  async function type(text: string, key = 'Enter'): Promise<ReturnType<typeof vi.fn>> {
    const onchange = vi.fn();
    render(NumberField, { value: 300, label: 'Level', min: -1000, max: 3000, unit: 'HU', onchange });
    const field = screen.getByRole('textbox', { name: 'Level' });
    await fireEvent.input(field, { target: { value: text } });
    await fireEvent.keyDown(field, { key });
    return onchange;
  }

  it('takes what is typed on Enter', async () => {
    expect(await type('40')).toHaveBeenCalledWith(40);
  });

  it('says what is wrong while it is typed, and keeps within its range', async () => {
    const onchange = await type('5000', 'a');
    expect(screen.getByText('At most 3,000.')).toBeTruthy();
    await fireEvent.blur(screen.getByRole('textbox'));
    expect(onchange).toHaveBeenCalledWith(3000);
  });

  it('forgets what is not a number, and what Escape takes back', async () => {
    expect(await type('abc')).not.toHaveBeenCalled();
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('300');
  });

  it('steps by arrow keys', async () => {
    expect(await type('300', 'ArrowUp')).toHaveBeenCalledWith(301);
  });
});

describe('Switch', () => {
  it('turns on, and stays off while it cannot', async () => {
    const onchange = vi.fn();
    const { rerender } = render(Switch, { checked: false, label: 'Linked', onchange });
    await fireEvent.click(screen.getByRole('switch'));
    expect(onchange).toHaveBeenCalledExactlyOnceWith(true);
    await rerender({ checked: false, disabled: 'There is one side only.' });
    await fireEvent.click(screen.getByRole('switch'));
    expect(onchange).toHaveBeenCalledOnce();
  });
});

describe('ProgressBar', () => {
  it('says how far it is, and nothing while the total is unknown', async () => {
    const { rerender } = render(ProgressBar, { done: 70, total: 112, label: 'Slices' });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('63');
    await rerender({ total: 0 });
    expect(screen.getByRole('progressbar').hasAttribute('aria-valuenow')).toBe(false);
  });
});
