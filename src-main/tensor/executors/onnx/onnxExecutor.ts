/**
 * Runs graphs with ONNX Runtime. A whole step is one session. On the CPU a handle is an array that goes in without copying; the binding
 * copies each output once into a new array (also when an output tensor is handed to it: that one is filled as well, and the copy is
 * made all the same, 1.30), so there is nothing to pool and a disposed handle is left to the garbage collector. With WebGPU
 * resident outputs stay in device buffers; the other GPU providers copy them out and in.
 *
 * `session.run` blocks the thread that calls it, so this must not run in the process that serves the window.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { CompileOptions, DeviceTensor, Executor, Feed, Program } from '../../executor.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import { input } from '../../primitives/leaves.ts';
import { checkFeed } from '../checkFeed.ts';
import { lower, type LoweredGraph } from './lower.ts';
import { encodeModel } from './onnxSchema.ts';

export const onnxProviders = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type OnnxProvider = (typeof onnxProviders)[number];

export interface OnnxExecutorOptions {
  /** Threads of the CPU provider; by default ONNX Runtime's choice (one per core). */
  readonly threads?: number;
  /** Where ONNX Runtime writes a profile of every operator (path prefix); off by default. */
  readonly profileTo?: string;
}

interface Session extends Pick<LoweredGraph, 'inputs' | 'outputNames'> {
  readonly session: InferenceSession;
}

/** A handle whose value ONNX Runtime holds. */
interface OnnxHandle extends DeviceTensor {
  readonly value: OrtTensor;
}

/** Makes an executor on one provider; sessions are created on first use. */
export function createOnnxExecutor(provider: OnnxProvider, options: OnnxExecutorOptions = {}): Executor {
  const sessions = new Map<string, Promise<Session>>();
  const onDevice = provider === 'webgpu'; // the binding knows device buffers of WebGPU only (onnxruntime js/node, tensor_helper.cc)

  const open = (outputs: Readonly<Record<string, Tensor>>, resident: readonly string[]): Promise<Session> => {
    const { graph, inputs, outputNames } = lower(outputs);
    const bytes = encodeModel(graph);
    const key = `${Buffer.from(bytes).toString('latin1')}|${resident.join()}`;
    const known = sessions.get(key);
    if (known) return known;
    const kept = onDevice ? resident.map((name) => outputNames.get(name) ?? name) : [];
    const opened = createSession(bytes, provider, kept, options).then((session) => ({
      session,
      inputs,
      outputNames,
    }));
    sessions.set(key, opened);
    return opened;
  };

  const readBack = async (value: OrtTensor, shape: Shape): Promise<Float32Array> => {
    if (value.location === 'cpu') return value.data as Float32Array;
    // Reading a device tensor directly aborts the process (ONNX Runtime 1.30), copying it through an identity graph does not.
    const { session } = await open({ value: input('held', shape) }, []);
    const { value: copy } = await session.run({ held: value });
    return copy?.data as Float32Array;
  };

  const hold = (value: OrtTensor, shape: Shape): OnnxHandle => ({
    value,
    shape,
    read: () => readBack(value, shape),
    dispose() {
      if (value.location !== 'cpu') value.dispose();
    },
  });

  return {
    name: `onnx:${provider}`,
    async compile(outputs, { resident = [] }: CompileOptions = {}) {
      return makeProgram(outputs, await open(outputs, onDevice ? resident : []), hold);
    },
    upload: (data, shape) => hold(new OrtTensor('float32', data.slice(), shape), shape),
    async dispose() {
      for (const opened of sessions.values()) {
        const { session } = await opened;
        if (options.profileTo !== undefined) session.endProfiling();
        await session.release();
      }
      sessions.clear();
    },
  };
}

function createSession(
  bytes: Uint8Array,
  provider: OnnxProvider,
  resident: readonly string[],
  { threads, profileTo }: OnnxExecutorOptions,
): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profileTo === undefined ? {} : { enableProfiling: true, profileFilePrefix: profileTo }),
    ...(resident.length === 0
      ? {}
      : { preferredOutputLocation: Object.fromEntries(resident.map((name) => [name, 'gpu-buffer'])) }),
  });
}

function makeProgram(
  outputs: Readonly<Record<string, Tensor>>,
  { session, inputs, outputNames }: Session,
  hold: (value: OrtTensor, shape: Shape) => OnnxHandle,
): Program {
  return {
    async run(feeds) {
      const fed: Record<string, OrtTensor> = {};
      for (const [name, tensor] of inputs) fed[name] = toOrt(name, tensor, feeds[name]);
      const results = await session.run(fed);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { shape }]) => {
          const value = results[outputNames.get(name) ?? name];
          if (!value) throw new Error(`ONNX Runtime returned no ${name}.`);
          return [name, hold(value, shape)];
        }),
      );
    },
  };
}

function toOrt(name: string, tensor: Tensor, fed: Feed | undefined): OrtTensor {
  const feed = checkFeed(name, tensor, fed);
  if (feed instanceof Float32Array) return new OrtTensor('float32', feed, tensor.shape);
  if (feed instanceof Int32Array) return new OrtTensor('int32', feed, tensor.shape);
  const { value } = feed as Partial<OnnxHandle>;
  if (!(value instanceof OrtTensor))
    throw new RangeError(`The handle fed as ${name} belongs to another executor.`);
  return value;
}
