/**
 * Runs graphs with ONNX Runtime. A whole step is one session. On the CPU a handle is a Float32Array that goes in and out without
 * copying: a disposed handle's array becomes the next run's output, so state alternates between two arrays. On a GPU provider resident
 * outputs stay in device buffers.
 *
 * `session.run` blocks the thread that calls it, so this must not run in the process that serves the window.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { CompileOptions, DeviceTensor, Executor, Feed, Program } from '../../executor.ts';
import { sizeOf, type Shape, type Tensor } from '../../tensor.ts';
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
  const onDevice = provider === 'webgpu' || provider === 'cuda';

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

  const hold = (value: OrtTensor, shape: Shape, recycle: (data: Float32Array) => void): OnnxHandle => {
    let disposed = false;
    return {
      value,
      shape,
      read: () => readBack(value, shape),
      dispose() {
        if (disposed) return; // an array recycled twice would become two outputs
        disposed = true;
        if (value.location === 'cpu') recycle(value.data as Float32Array);
        else value.dispose();
      },
    };
  };

  return {
    name: `onnx:${provider}`,
    async compile(outputs, { resident = [] }: CompileOptions = {}) {
      return makeProgram(outputs, await open(outputs, resident), onDevice, hold);
    },
    upload: (data, shape) => hold(new OrtTensor('float32', data.slice(), shape), shape, () => undefined),
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
  onDevice: boolean,
  hold: (value: OrtTensor, shape: Shape, recycle: (data: Float32Array) => void) => OnnxHandle,
): Program {
  const free = new Map<string, Float32Array[]>();
  const spare = (name: string, shape: Shape): OrtTensor =>
    new OrtTensor('float32', free.get(name)?.pop() ?? new Float32Array(sizeOf(shape)), shape);
  return {
    async run(feeds) {
      const fed: Record<string, OrtTensor> = {};
      for (const [name, tensor] of inputs) fed[name] = toOrt(name, tensor, feeds[name]);
      const modelName = (name: string): string => outputNames.get(name) ?? name;
      const fetches = onDevice
        ? Object.keys(outputs).map(modelName)
        : Object.fromEntries(
            Object.entries(outputs).map(([name, { shape }]) => [modelName(name), spare(name, shape)]),
          );
      const results = await session.run(fed, fetches as InferenceSession.FetchesType);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { shape }]) => {
          const value = results[modelName(name)];
          if (!value) throw new Error(`ONNX Runtime returned no ${name}.`);
          const recycle = (data: Float32Array): void => {
            const list = free.get(name) ?? [];
            if (list.length < 2) list.push(data);
            free.set(name, list);
          };
          return [name, hold(value as OrtTensor, shape, recycle)];
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
