import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { loadBackend, restoreRemovedUtil } from '../../../../src-main/tensor/executors/tfjs/backend.ts';
import { createTfjsExecutor } from '../../../../src-main/tensor/executors/tfjs/tfjsExecutor.ts';
import { gradient } from '../../../../src-main/tensor/gradient.ts';
import { conv2d, padAll } from '../../../../src-main/tensor/primitives/convolution.ts';
import { multiply, tanh } from '../../../../src-main/tensor/primitives/elementwise.ts';
import { gather } from '../../../../src-main/tensor/primitives/indexing.ts';
import { pad, reflectPad, slice } from '../../../../src-main/tensor/primitives/layout.ts';
import { constant, input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { mean } from '../../../../src-main/tensor/primitives/reductions.ts';

const x = input('x', [1, 2, 6, 6]);
const w = input('w', [3, 2, 3, 3]);
const hidden = tanh(conv2d(reflectPad(x, [1, 1, 1, 1]), w, { stride: 2, padding: padAll(1) }));
const cut = pad(slice(hidden, [0, 1, 0, 0], [1, 2, 3, 3]), [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]);
const loss = mean(multiply(cut, cut));
const outputs = {
  loss,
  dw: gradient(loss, [w])[0]!,
  taken: gather(x, constant(Int32Array.of(1, 1), [2]), 1),
};
const feeds = { x: new Float32Array(72).fill(0.5), w: new Float32Array(54).fill(0.1) };

describe('the tfjs executor', () => {
  it('frees everything but what it returns, and that on dispose', async () => {
    const executor = await createTfjsExecutor('cpu');
    const program = await executor.compile(outputs);
    const before = tf.memory();
    const uploaded = executor.upload(feeds.w, [3, 2, 3, 3]);
    const first = await program.run({ ...feeds, w: uploaded });
    expect(tf.memory().numTensors).toBe(before.numTensors + 4);
    for (const handle of Object.values(first)) handle.dispose();
    uploaded.dispose();
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    await program.run(feeds);
    await executor.dispose();
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  it('frees what it made when a run fails half way', async () => {
    const executor = await createTfjsExecutor('cpu');
    const program = await executor.compile({ y: gather(multiply(x, 2), input('i', [1], 'int32'), 1) });
    const before = tf.memory().numTensors;
    await expect(program.run({ x: feeds.x, i: Int32Array.of(9) })).rejects.toThrow(/GatherV2/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('needs no more memory than what is alive at once', async () => {
    const executor = await createTfjsExecutor('cpu');
    let y = input('y', [1000]);
    for (let depth = 0; depth < 50; depth++) y = tanh(y);
    const program = await executor.compile({ y });
    const before = tf.memory().numBytes;
    let most = 0;
    const run = vi.spyOn(tf.engine(), 'runKernel').mockImplementation((...kernel) => {
      run.mockRestore();
      const value = tf.engine().runKernel(...kernel);
      most = Math.max(most, tf.memory().numBytes - before);
      return value;
    });
    await program.run({ y: new Float32Array(1000) });
    run.mockRestore();
    expect(most).toBeLessThan(5 * 4000);
    await executor.dispose();
  });

  it('says that the GPU package is not installed', async () => {
    const refused = loadBackend('node-gpu');
    await expect(refused).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      details: { device: 'node-gpu' },
    });
    await expect(refused).rejects.toThrow('@tensorflow/tfjs-node-gpu@4.22.0 is not installed');
  });

  it('gives back what newer Node versions removed from node:util, and leaves the rest', () => {
    const isArray = (): boolean => true;
    const util: Record<string, (value: unknown) => boolean> = { isArray };
    restoreRemovedUtil(util);
    expect(util['isArray']).toBe(isArray);
    expect([null, undefined, 0, ''].map((value) => util['isNullOrUndefined']!(value))).toEqual([true, true, false, false]); // prettier-ignore
  });
});
