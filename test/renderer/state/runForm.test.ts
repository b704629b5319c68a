// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import paper from '../../../resources/presets/paper.json' with { type: 'json' };
import quick from '../../../resources/presets/quick.json' with { type: 'json' };
import type { Preflight, RunRequest } from '../../../src-main/api/contract/training.ts';
import { runSettings, type RunSetting } from '../../../src-renderer/lib/runSettings.ts';
import { RunForm, type FormState } from '../../../src-renderer/state/runForm.svelte.ts';
import { manualDelay } from './manualDelay.ts';

const setting = (id: string): RunSetting => runSettings.find((one) => one.id === id)!;
const fine: Preflight = { problems: [], neededMiB: 500, freeMiB: 4000, device: 'cpu', steps: 100, trainSlices: 90, metaSlices: 8 }; // prettier-ignore

async function world(restored: FormState | null = null, answer: () => Preflight = () => fine) {
  const clock = manualDelay();
  const asked: RunRequest[] = [];
  const started: RunRequest[] = [];
  const remembered: FormState[] = [];
  const said: string[] = [];
  const form = new RunForm({
    presets: async () => [
      { name: 'paper', config: paper },
      { name: 'quick', config: quick },
    ],
    preflight: async (request) => {
      asked.push(request);
      return answer();
    },
    start: async (request) => void started.push(request),
    fail: (_error, what) => said.push(what),
    delay: clock.delay,
    remember: (state) => remembered.push(state),
  });
  await form.load(restored);
  await clock.pass(1000);
  return { form, clock, asked, started, remembered, said };
}

describe('the form of a run', () => {
  test('the preset as it is sends no differences', async () => {
    const { form, asked, started } = await world();
    expect(asked).toEqual([{ method: 'meta', preset: 'quick', device: 'auto' }]);
    expect(form.ready()).toBe(true);
    await form.start();
    expect(started).toEqual(asked);
  });

  test('while typing the pre-flight is asked once, after the last key', async () => {
    const { form, clock, asked } = await world();
    for (const text of ['1', '12', '120']) form.type(setting('batchSize'), text);
    expect(form.checking).toBe(true);
    expect(form.ready()).not.toBe(true);
    await clock.pass(1000);
    expect(asked.slice(1)).toEqual([
      { method: 'meta', preset: 'quick', device: 'auto', differences: { batchSize: 120 } },
    ]);
    expect(form.ready()).toBe(true);
  });

  test('what cannot be is said at its field, holds the start, and asks the server nothing', async () => {
    const { form, clock, asked, started } = await world();
    form.type(setting('cropPx.0'), '161');
    await clock.pass(1000);
    expect(form.problems).toEqual({ 'cropPx.0': { key: 'multiple', details: { of: 4 } } });
    expect(asked).toHaveLength(1);
    expect(form.ready()).not.toBe(true);
    await form.start();
    expect(started).toHaveLength(0);
  });

  test('a changed field is marked and can be put back', async () => {
    const { form } = await world();
    form.type(setting('generator.ngf'), '8');
    expect(form.changed.map(({ id }) => id)).toEqual(['generator.ngf']);
    expect(form.request?.differences).toEqual({ generator: { inputChannels: 1, ngf: 8, blocks: 3 } });
    form.type(setting('generator.ngf'), ' 16 ');
    expect(form.changed).toEqual([]);
    form.type(setting('generator.ngf'), '8');
    form.reset(setting('generator.ngf'));
    expect(form.changed).toEqual([]);
    expect(form.text(setting('generator.ngf'))).toBe('16');
  });

  test('a method has its parts, each can be switched, and another method has its own again', async () => {
    const { form } = await world();
    const on = (part: string): boolean => form.text(setting(`parts.${part}`)) === 'true';
    expect([on('weights'), on('contextual')]).toEqual([true, false]); // the preset has no features
    form.type(setting('features'), 'random');
    expect([on('weights'), on('contextual'), on('registration')]).toEqual([true, true, false]);
    expect(form.changed.map(({ id }) => id)).toEqual(['features']);

    form.type(setting('parts.weights'), 'false');
    expect(form.settings.some(({ part }) => part === 'weights')).toBe(false);
    expect(form.settings.some(({ id }) => id === 'contextualFactor')).toBe(true);
    expect(form.request?.differences).toEqual({
      features: 'random',
      parts: { weights: false, perceptual: false, contextual: true, registration: false },
    });

    form.choose({ method: 'reg-pgan' });
    expect([on('weights'), on('perceptual'), on('registration')]).toEqual([false, true, true]);
    expect(form.request?.differences).toEqual({ features: 'random' });
  });

  test('a feature loss switched on without features holds the start', async () => {
    const { form } = await world();
    form.type(setting('parts.perceptual'), 'true');
    expect(form.problems).toEqual({ 'parts.perceptual': { key: 'needsFeatures', details: {} } });
    expect(form.request).toBeNull();
    form.type(setting('features'), 'random');
    expect(form.problemCount).toBe(0);
  });

  test('settings of weights are no part of a method without weights', async () => {
    const { form } = await world();
    form.type(setting('metaBatchSize'), 'nonsense');
    form.choose({ method: 'pgan' });
    expect(form.settings.some(({ part }) => part === 'weights')).toBe(false);
    expect(form.problemCount).toBe(0);
    expect(form.request).toEqual({ method: 'pgan', preset: 'quick', device: 'auto' });
  });

  test('problems the server finds hold the start', async () => {
    const problem = {
      code: 'no-meta',
      severity: 'error',
      subject: '',
      details: {},
      text: 'No meta case.',
    } as const;
    const { form, started } = await world(null, () => ({ ...fine, problems: [problem] }));
    expect(form.ready()).not.toBe(true);
    await form.start();
    expect(started).toHaveLength(0);
  });

  test('an answer to an older question is not shown', async () => {
    const answers: ((answer: Preflight) => void)[] = [];
    const clock = manualDelay();
    const form = new RunForm({
      presets: async () => [{ name: 'quick', config: quick }],
      preflight: () => new Promise((resolve) => answers.push(resolve)),
      start: async () => undefined,
      fail: () => undefined,
      delay: clock.delay,
      remember: () => undefined,
    });
    await form.load();
    await clock.pass(1000);
    form.type(setting('batchSize'), '4');
    await clock.pass(1000);
    answers[1]?.({ ...fine, neededMiB: 2 });
    answers[0]?.({ ...fine, neededMiB: 1 });
    await clock.pass(0);
    expect(form.preflight?.neededMiB).toBe(2);
  });

  test('it comes back as it was left', async () => {
    const { form, remembered } = await world();
    form.choose({ preset: 'paper', device: 'cpu' });
    form.type(setting('seed'), '7');
    const again = await world(remembered.at(-1) ?? null);
    expect([again.form.preset, again.form.device, again.form.text(setting('seed'))]).toEqual([
      'paper',
      'cpu',
      '7',
    ]);
  });
});
