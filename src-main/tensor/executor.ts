/**
 * What runs a graph. An executor compiles outputs once and runs them many times; values that live from step to step (parameters,
 * optimiser state, accumulators) stay where the executor keeps them and are passed back as handles.
 *
 * Not responsible for: what the graph means, random numbers, or when memory is freed (the holder of a handle disposes it).
 */
import type { Shape, Tensor } from './tensor.ts';

/** A value held by an executor. Float32, row-major. */
export interface DeviceTensor {
  readonly shape: Shape;
  /** The values, copied to the host only where they live elsewhere; valid until `dispose`. */
  read(): Promise<Float32Array>;
  /** Gives the memory back; the handle and what `read` returned must not be used afterwards. */
  dispose(): void;
}

export type Feed = DeviceTensor | Float32Array | Int32Array;

export interface Program {
  /** Computes all outputs. Every input of the graph must be fed, in its shape (RangeError otherwise). */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, DeviceTensor>>;
}

export interface CompileOptions {
  /** Outputs that will be fed back, so that they should stay on the device. */
  readonly resident?: readonly string[];
}

export interface Executor {
  /** For example `onnx:cpu`. */
  readonly name: string;
  /** Compiles named outputs; graphs equal to one compiled before (same operations, shapes and constants) share its session. */
  compile(outputs: Readonly<Record<string, Tensor>>, options?: CompileOptions): Promise<Program>;
  /** Copies values to the device. */
  upload(data: Float32Array, shape: Shape): DeviceTensor;
  /** Frees sessions and buffers; programs and handles must not be used afterwards. */
  dispose(): Promise<void>;
}
