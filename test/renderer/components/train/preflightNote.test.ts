// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, test } from 'vitest';
import quick from '../../../../resources/presets/quick.json' with { type: 'json' };
import type { Preflight } from '../../../../src-main/api/contract/training.ts';
import PreflightNote from '../../../../src-renderer/components/train/PreflightNote.svelte';
import { RunForm } from '../../../../src-renderer/state/runForm.svelte.ts';

afterEach(cleanup);

async function shown(preflight: Partial<Preflight>): Promise<string> {
  const form = new RunForm({
    presets: async () => [{ name: 'quick', config: quick }],
    preflight: () => new Promise(() => undefined),
    start: async () => undefined,
    fail: () => undefined,
    delay: () => () => undefined,
    remember: () => undefined,
  });
  await form.load();
  form.preflight = { problems: [], neededMiB: 500, freeMiB: 4000, device: 'cpu', steps: 100, trainSlices: 90, metaSlices: 8, ...preflight }; // prettier-ignore
  return render(PreflightNote, { form }).container.textContent;
}

const noMemory = { code: 'preflight-memory', severity: 'error', subject: 'run', details: { needed: 9000, free: 4000 }, text: 'Too little memory.' } as const; // prettier-ignore

describe('what the pre-flight says', () => {
  test('what stands in the way comes before the figures: in a small window only the first lines are in sight', async () => {
    const text = await shown({ problems: [noMemory], neededMiB: 9000 });
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    expect(text.search('Steps')).toBeGreaterThan(text.search(/memory/i));
  });

  test('where the settings cannot be used there are no figures of a run of no steps', async () => {
    const config = { ...noMemory, code: 'preflight-config', details: {}, text: 'features: no' };
    const text = await shown({ problems: [config], steps: 0, neededMiB: 0 });
    expect(text).toContain('features: no');
    expect(text).not.toContain('Steps');
  });
});
