/** Bytes read piece by piece, so that a large file need not be in memory for what little of it is needed. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** `length` bytes from `offset`, within the size, as an array that is its buffer's whole content. */
  read(offset: number, length: number): Promise<Uint8Array>;
}
