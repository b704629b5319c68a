// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, test } from 'vitest';
import quick from '../../../../resources/presets/quick.json' with { type: 'json' };
import SettingGroups from '../../../../src-renderer/components/train/SettingGroups.svelte';
import { RunForm } from '../../../../src-renderer/state/runForm.svelte.ts';

afterEach(cleanup);

async function shown() {
  const form = new RunForm({
    presets: async () => [{ name: 'quick', config: quick }],
    preflight: () => new Promise(() => undefined),
    start: async () => undefined,
    fail: () => undefined,
    delay: () => () => undefined,
    remember: () => undefined,
  });
  await form.load();
  render(SettingGroups, { form });
  /** The words below a field. */
  const note = (field: HTMLElement): string =>
    document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent ?? '';
  return { form, note };
}

describe('fields of the settings', () => {
  test('each has a name, its value, and words with the allowed range', async () => {
    const { note } = await shown();
    const width = screen.getByLabelText<HTMLInputElement>('Crop width');
    expect(width.value).toBe('160');
    expect(note(width)).toMatch(/right to left.*32 or more, a multiple of 4/);
    expect(document.body.textContent).not.toMatch(/train\.\w+\./);
  });

  test('a part of the method is a switch with words below, marked when it differs', async () => {
    const { form, note } = await shown();
    const weights = screen.getByRole('switch', { name: 'Weight map' });
    expect(weights.getAttribute('aria-checked')).toBe('true');
    expect(note(weights)).toBe('The pixel loss is weighed by the meta-learned map');
    expect(screen.getByLabelText('Meta batch')).toBeDefined();
    await fireEvent.click(weights);
    expect(form.changed.map(({ id }) => id)).toEqual(['parts.weights']);
    expect(screen.queryByLabelText('Meta batch')).toBeNull();
    await fireEvent.click(weights);
    expect(form.changed).toEqual([]);
  });

  test('a wrong number is said in words while it is typed, and marked', async () => {
    const { form, note } = await shown();
    const width = screen.getByLabelText('Crop width');
    await fireEvent.input(width, { target: { value: '162' } });
    expect(note(width)).toBe('Must be a multiple of 4.');
    expect(width.getAttribute('aria-invalid')).toBe('true');
    expect(form.request).toBeNull();
  });

  test('a field that differs offers the way back to the preset', async () => {
    const { form } = await shown();
    const seed = screen.getByLabelText<HTMLInputElement>('Seed');
    expect(screen.queryByRole('button', { name: 'Put Seed back to the preset' })).toBeNull();
    await fireEvent.input(seed, { target: { value: '9' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Put Seed back to the preset' }));
    expect([seed.value, form.changed.length]).toEqual(['1', 0]);
  });
});
