import { InferenceSession } from 'onnxruntime-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOnnxExecutor } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { add, multiply } from '../../../../src-main/tensor/primitives/elementwise.ts';
import { constant, input } from '../../../../src-main/tensor/primitives/leaves.ts';
import type { Tensor } from '../../../../src-main/tensor/tensor.ts';

afterEach(() => vi.restoreAllMocks());

const graph = (factor: number, extent = 4): Record<string, Tensor> => ({
  y: add(multiply(input('x', [extent]), factor), constant(Float32Array.of(1), [1])),
});

describe('the session cache', () => {
  it('opens one session for equal graphs, and another for other constants, shapes or outputs', async () => {
    const create = vi.spyOn(InferenceSession, 'create');
    const executor = createOnnxExecutor('cpu', { threads: 1 });
    await Promise.all([executor.compile(graph(2)), executor.compile(graph(2))]);
    await executor.compile(graph(2), { resident: ['y'] });
    expect(create).toHaveBeenCalledTimes(1);
    await executor.compile(graph(3));
    await executor.compile(graph(2, 5));
    const [y] = Object.values(graph(2));
    await executor.compile({ other: y! });
    expect(create).toHaveBeenCalledTimes(4);
    await executor.dispose();
  });

  it('keeps the buffers of two programs that share a session apart', async () => {
    const executor = createOnnxExecutor('cpu', { threads: 1 });
    const [first, second] = await Promise.all([executor.compile(graph(2)), executor.compile(graph(2))]);
    const a = (await first.run({ x: new Float32Array(4).fill(1) }))['y']!;
    const b = (await second.run({ x: new Float32Array(4).fill(2) }))['y']!;
    expect([...(await a.read()), ...(await b.read())]).toEqual([3, 3, 3, 3, 5, 5, 5, 5]);
    await executor.dispose();
  });
});
