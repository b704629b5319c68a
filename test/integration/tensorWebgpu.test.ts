/** The WebGPU provider on a software Vulkan driver, where there is one. */
import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openExecutor } from '../../src-main/tensor/executors/openExecutor.ts';
import { probeProvider } from '../../src-main/tensor/executors/probe/probeProvider.ts';
import { softwareVulkan } from '../fixtures/softwareVulkan.ts';
import { expectClose } from '../unit/tensor/compare.ts';
import { primitiveCases } from '../unit/tensor/primitiveCases.ts';
import { tolerances } from '../unit/tensor/tolerances.ts';

const { env, missing } = softwareVulkan();
if (missing) console.log(`WebGPU tests are skipped: ${missing}.`);

/** What the child sends until it ends, and how it ended. */
function messagesOf(task: string): Promise<{ messages: Record<string, unknown>[]; end: string }> {
  const child = fork(resolve(import.meta.dirname, '../fixtures/webgpuChild.ts'), [task], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const messages: Record<string, unknown>[] = [];
  return new Promise((settle) => {
    child.on('message', (message) => {
      messages.push(message as Record<string, unknown>);
      if ('finished' in (message as object)) child.kill('SIGKILL');
    });
    child.on('close', (code, signal) => settle({ messages, end: String(signal ?? code) }));
  });
}

describe.skipIf(missing)('WebGPU on a software driver', () => {
  it('computes every primitive and its cotangents', async () => {
    const { messages, end } = await messagesOf('primitives');
    const last = messages.at(-1);
    expect(
      last,
      `the child ended (${end}) in ${String(messages.findLast((m) => 'begins' in m)?.['begins'])}`,
    ).toEqual({
      finished: true,
    });
    const results = messages.filter((message) => 'name' in message);
    expect(results).toHaveLength(primitiveCases.length);
    const bad = results.filter(
      ({ difference }) => !(typeof difference === 'number' && difference <= tolerances.device),
    );
    expect(bad).toEqual([]);
  });

  it('trains with state that stays on the device, as the CPU does', async () => {
    const { messages, end } = await messagesOf('steps');
    expect(messages, `the child ended (${end})`).toHaveLength(2);
    const { cpu, webgpu } = messages[0] as Record<'cpu' | 'webgpu', Record<string, number[]>>;
    for (const name of Object.keys(cpu)) expectClose(webgpu[name]!, cpu[name]!, tolerances.device, name);
    expect(cpu['losses']![2]).toBeLessThan(cpu['losses']![0]!);
  });

  it('is measured as working but slow, so that auto stays on the CPU', async () => {
    const outcome = await probeProvider('webgpu', { env: env ?? {} });
    expect(outcome).toMatchObject({ status: 'ran' });
    if (outcome.status !== 'ran') return;
    expect(outcome.difference).toBeLessThan(1e-3);
    expect(outcome.deviceMs).toBeGreaterThan(outcome.cpuMs);
  });
});

describe('auto', () => {
  it('finds something to run on and gives a reason for every other device', async () => {
    const { executor, chosen, notes } = await openExecutor({ executor: 'onnx', device: 'auto' });
    expect(executor.name).toBe(`onnx:${chosen}`);
    expect(notes).toHaveLength(chosen === 'cpu' ? 5 : 4);
    await executor.dispose();
  });
});
