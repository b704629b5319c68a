/** What every decoder of one compressed frame takes and gives. */
export interface FrameShape {
  readonly columns: number;
  readonly rows: number;
  readonly bitsAllocated: 8 | 16;
}

export interface DecodedFrame {
  /** `columns * rows` samples, a row after the other; of a signed stream sign-extended. */
  readonly words: Uint8Array | Uint16Array | Int16Array;
  /** Bits of a sample, as the stream says. */
  readonly precision: number;
}

/** Decodes a frame. Throws anything for a damaged stream; never reads more than the frame. */
export type FrameDecoder = (stream: Uint8Array, shape: FrameShape) => DecodedFrame;
