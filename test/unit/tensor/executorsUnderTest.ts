import type { Executor } from '../../../src-main/tensor/executor.ts';
import { createOnnxExecutor } from '../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { createTfjsExecutor } from '../../../src-main/tensor/executors/tfjs/tfjsExecutor.ts';
import type { Feed } from '../../../src-main/tensor/executor.ts';
import type { Tensor } from '../../../src-main/tensor/tensor.ts';

/** Every executor that the same suite runs on. */
export const executorsUnderTest: readonly (readonly [name: string, open: () => Promise<Executor>])[] = [
  ['onnx:cpu', () => Promise.resolve(createOnnxExecutor('cpu', { threads: 1 }))],
  ['tfjs:cpu', () => createTfjsExecutor('cpu')],
];

/** Compiles, runs once and reads every output; the handles are disposed. */
export async function compute<K extends string>(
  executor: Executor,
  outputs: Readonly<Record<K, Tensor>>,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Record<K, Float32Array>> {
  const program = await executor.compile(outputs);
  const handles = await program.run(feeds);
  const read = async (name: string): Promise<readonly [string, Float32Array]> => {
    const values = (await handles[name]!.read()).slice();
    handles[name]!.dispose();
    return [name, values];
  };
  return Object.fromEntries(await Promise.all(Object.keys(outputs).map(read))) as Record<K, Float32Array>;
}
