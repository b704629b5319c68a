import { describe, expect, it } from 'vitest';
import { chooseProvider, type ProviderFacts } from '../../../../src-main/tensor/executors/chooseProvider.ts';
import type { ProbeOutcome } from '../../../../src-main/tensor/executors/probe/probeProvider.ts';

const fast: ProbeOutcome = { status: 'ran', difference: 1e-6, deviceMs: 4, cpuMs: 80 };
const slow: ProbeOutcome = { status: 'ran', difference: 1e-6, deviceMs: 700, cpuMs: 0.9 };
const wrong: ProbeOutcome = { status: 'ran', difference: 0.02, deviceMs: 4, cpuMs: 80 };
const notFinite: ProbeOutcome = { status: 'ran', difference: NaN, deviceMs: 4, cpuMs: 80 };
const broken: ProbeOutcome = { status: 'failed', reason: 'it ended the process that tried it (SIGSEGV)' };

/** A machine with these providers; asking for any other one fails the test. */
function machine(
  outcomes: Readonly<Record<string, ProbeOutcome>>,
): ProviderFacts & { readonly tried: string[] } {
  const tried: string[] = [];
  return {
    tried,
    supported: ['cpu', ...Object.keys(outcomes)],
    probe(provider) {
      tried.push(provider);
      return Promise.resolve(outcomes[provider]!);
    },
  };
}

describe('auto', () => {
  it('takes a device that is faster than the CPU and says why not the others', async () => {
    const { provider, notes } = await chooseProvider('auto', machine({ webgpu: fast, cuda: broken }));
    expect(provider).toBe('webgpu');
    expect(notes).toEqual([
      'Running on webgpu, which is faster than the CPU (4.0 ms against 80 ms for a small training step).',
      'Not cuda: it ended the process that tried it (SIGSEGV).',
      'Not dml: ONNX Runtime does not have it on this platform.',
      'Not coreml: ONNX Runtime does not have it on this platform.',
    ]);
  });

  it('does not try further devices once one is good', async () => {
    const facts = machine({ cuda: fast, webgpu: fast });
    const { provider, notes } = await chooseProvider('auto', facts);
    expect(provider).toBe('cuda');
    expect(facts.tried).toEqual(['cuda']);
    expect(notes).toContain('Not webgpu: cuda comes first.');
  });

  it.each([
    ['slower than the CPU, such as a software renderer', slow, 'slower than the CPU (700 ms against 0.9 ms'],
    ['wrong', wrong, "its gradients differ from the CPU's by 0.020"],
    ['not a number', notFinite, "its gradients differ from the CPU's by NaN"],
    ['broken', broken, 'SIGSEGV'],
  ])('stays on the CPU when a device is %s', async (_what, outcome, reason) => {
    const { provider, notes } = await chooseProvider('auto', machine({ webgpu: outcome }));
    expect(provider).toBe('cpu');
    expect(notes[0]).toBe('Running on the CPU, since no faster device was found.');
    expect(notes.at(-1)).toContain(`Not webgpu: `);
    expect(notes.at(-1)).toContain(reason);
  });
});

describe('a device that was asked for', () => {
  it('is the CPU without trying anything', async () => {
    const facts = machine({ webgpu: fast });
    expect((await chooseProvider('cpu', facts)).provider).toBe('cpu');
    expect(facts.tried).toEqual([]);
  });

  it('is used even when it is slow, with a note', async () => {
    const { provider, notes } = await chooseProvider('webgpu', machine({ webgpu: slow }));
    expect(provider).toBe('webgpu');
    expect(notes).toEqual([
      'Running on webgpu, as asked, although it is slower than the CPU (700 ms against 0.9 ms for a small training step).',
    ]);
  });

  it.each([
    ['dml', {}, 'ONNX Runtime does not have it on this platform'],
    ['webgpu', { webgpu: broken }, 'SIGSEGV'],
    ['webgpu', { webgpu: wrong }, 'differ'],
  ] as const)('is refused when it does not work: %s', async (device, outcomes, reason) => {
    const refused = chooseProvider(device, machine(outcomes));
    await expect(refused).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE', details: { device } });
    await expect(refused).rejects.toThrow(reason);
  });
});
