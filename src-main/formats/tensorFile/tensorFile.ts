/** A file of named tensors whose values are read one by one, whatever its format. */
export interface TensorFile {
  /** Shapes by name, of every tensor in the file. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The values of a tensor as 32-bit floats, last axis fastest. Throws TENSOR_MISSING, and the format's error for what is no float. */
  read(name: string): Promise<Float32Array>;
}
