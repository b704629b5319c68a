import { describe, expect, it } from 'vitest';
import { devicesOf, openExecutor } from '../../../../src-main/tensor/executors/openExecutor.ts';
import { multiply } from '../../../../src-main/tensor/primitives/elementwise.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { compute } from '../executorsUnderTest.ts';

describe('openExecutor', () => {
  it.each(['onnx', 'tfjs'] as const)('opens %s on the CPU', async (kind) => {
    const { executor, chosen, notes } = await openExecutor({ executor: kind, device: 'cpu', threads: 1 });
    expect(executor.name).toBe(`${kind}:cpu`);
    expect(chosen).toBe('cpu');
    expect(notes).toHaveLength(1);
    const { y } = await compute(executor, { y: multiply(input('x', [2]), 2) }, { x: Float32Array.of(1, 2) });
    expect([...y]).toEqual([2, 4]);
    await executor.dispose();
  });

  it('falls back to tfjs’s CPU when the GPU package is not installed, and says so', async () => {
    const { executor, chosen, notes } = await openExecutor({ executor: 'tfjs', device: 'auto' });
    expect(chosen).toBe('cpu');
    expect(notes.join(' ')).toMatch(/Not node-gpu: .*is not installed/);
    await executor.dispose();
  });

  it.each([
    ['onnx', 'gpu1', 'auto, cpu, webgpu, cuda, dml, coreml'],
    ['onnx', 'node-gpu', 'auto, cpu, webgpu, cuda, dml, coreml'],
    ['tfjs', 'webgpu', 'auto, cpu, node-gpu'],
    ['tfjs', '', 'auto, cpu, node-gpu'],
  ] as const)('%s has no device called “%s”', async (executor, device, known) => {
    expect(devicesOf(executor).join(', ')).toBe(known);
    await expect(openExecutor({ executor, device })).rejects.toMatchObject({
      code: 'DEVICE_UNKNOWN',
      details: { device, known },
    });
  });
});
