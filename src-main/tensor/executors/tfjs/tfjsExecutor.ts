/**
 * Runs graphs operation by operation on tfjs: slower than a compiled graph, easy to follow, and the way to TensorFlow's CUDA kernels
 * (`node-gpu`). On the `cpu` backend it is the reference that the ONNX executor is compared with.
 *
 * Memory: a value is freed right after its last use, so a training step needs no more than what is alive at once; what a run returns
 * belongs to its holder until `dispose`. tfjs has one current backend per process, so it is set again before every run.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ancestors } from '../../ancestors.ts';
import type { DeviceTensor, Executor, Feed, Program } from '../../executor.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import { checkFeed } from '../checkFeed.ts';
import { loadBackend } from './backend.ts';
import { evaluate } from './evaluate.ts';
import type { TfjsBackend } from './tfjsBackends.ts';

/** A handle whose value tfjs holds. */
interface TfjsHandle extends DeviceTensor {
  readonly value: tf.Tensor;
}

/** Makes an executor on one backend. Throws DEVICE_UNAVAILABLE when the backend is not installed or does not start. */
export async function createTfjsExecutor(backend: TfjsBackend): Promise<Executor> {
  const backendName = await loadBackend(backend);
  const alive = new Set<tf.Tensor>();

  const hold = (value: tf.Tensor, shape: Shape): TfjsHandle => {
    alive.add(value);
    return {
      value,
      shape,
      read: async () => (await value.data()) as Float32Array,
      dispose() {
        alive.delete(value);
        value.dispose();
      },
    };
  };
  const useBackend = async (): Promise<void> => {
    if (tf.getBackend() !== backendName) await tf.setBackend(backendName);
  };

  return {
    name: `tfjs:${backend}`,
    compile(outputs) {
      const plan = planOf(outputs);
      const program: Program = {
        async run(feeds) {
          await useBackend();
          const values = runPlan(plan, feeds);
          return Object.fromEntries(
            Object.entries(outputs).map(([name, { shape }], at) => [
              name,
              hold(values[at] as tf.Tensor, shape),
            ]),
          );
        },
      };
      return Promise.resolve(program);
    },
    upload: (data, shape) => hold(tf.tensor(data.slice(), [...shape], 'float32'), shape),
    dispose() {
      for (const value of alive) value.dispose();
      alive.clear();
      return Promise.resolve();
    },
  };
}

interface Plan {
  readonly outputs: readonly Tensor[];
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly tensor: Tensor;
  /** Values that nothing needs after this step. */
  readonly free: readonly Tensor[];
}

/** Orders the graph and notes where each value is used last. Throws a RangeError when two inputs share a name. */
function planOf(named: Readonly<Record<string, Tensor>>): Plan {
  const outputs = Object.values(named);
  const order = ancestors(outputs);
  const lastUse = new Map<Tensor, Tensor>();
  const inputs = new Map<string, Tensor>();
  for (const tensor of order) {
    lastUse.set(tensor, tensor);
    for (const operand of tensor.inputs) lastUse.set(operand, tensor);
    if (tensor.operation.kind !== 'input') continue;
    const { name } = tensor.operation;
    if (inputs.has(name)) throw new RangeError(`Two inputs are called ${name}.`);
    inputs.set(name, tensor);
  }
  for (const output of outputs) lastUse.delete(output);
  const freedAfter = new Map<Tensor, Tensor[]>();
  for (const [tensor, user] of lastUse) freedAfter.set(user, [...(freedAfter.get(user) ?? []), tensor]);
  return { outputs, inputs, steps: order.map((tensor) => ({ tensor, free: freedAfter.get(tensor) ?? [] })) };
}

/** Values of the outputs, each a tensor of its own. Whatever else was made is freed, also when an operation throws. */
function runPlan({ outputs, inputs, steps }: Plan, feeds: Readonly<Record<string, Feed>>): tf.Tensor[] {
  const fed = new Map<Tensor, Feed>();
  for (const [name, tensor] of inputs) fed.set(tensor, checkFeed(name, tensor, feeds[name]));
  const values = new Map<Tensor, tf.Tensor>();
  const valueOf = (tensor: Tensor): tf.Tensor => {
    const value = values.get(tensor);
    if (!value) throw new Error(`${tensor.operation.kind} was not computed.`);
    return value;
  };
  try {
    for (const { tensor, free } of steps) {
      const { operation, shape } = tensor;
      const feed = fed.get(tensor);
      if (feed) values.set(tensor, toValue(feed, shape));
      else if (operation.kind !== 'input')
        values.set(tensor, evaluate(operation, tensor.inputs.map(valueOf), shape));
      for (const unused of free) {
        valueOf(unused).dispose();
        values.delete(unused);
      }
    }
    return outputs.map((output) => tf.clone(valueOf(output)));
  } finally {
    for (const value of values.values()) value.dispose();
  }
}

/** A tensor of its own for what is fed; arrays are copied, because tfjs would keep and share them. */
function toValue(feed: Feed, shape: Shape): tf.Tensor {
  if (feed instanceof Float32Array) return tf.tensor(feed.slice(), [...shape], 'float32');
  if (feed instanceof Int32Array) return tf.tensor(feed.slice(), [...shape], 'int32');
  const { value } = feed as Partial<TfjsHandle>;
  if (!(value instanceof tf.Tensor))
    throw new RangeError('A handle that is fed belongs to another executor.');
  return tf.clone(value);
}
